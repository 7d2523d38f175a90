"""Base package of the components: page state, services, polling, step cards, error cards, HTML, theme."""
