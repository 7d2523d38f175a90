"""Which models there are, where each comes from, fetching and converting them."""
