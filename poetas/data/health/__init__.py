"""Health checks of the learner's texts: one module a check, listed in `poetas.data.health.registry`."""
