"""«Contanos cómo te fue»: the closing step of an app, with its scales and the answers file."""
