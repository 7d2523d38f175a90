"""The server that shows the three apps: its configuration, its kernels, its start and its end."""
