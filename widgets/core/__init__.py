"""The parts that every component stands on: page state, services, polling, step cards, errors, HTML, theme."""
