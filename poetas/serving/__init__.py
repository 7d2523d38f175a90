"""The server of the three apps: configuration, kernels, start and end."""
