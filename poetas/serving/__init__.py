"""The server of the three apps: configuration, kernels, start and end."""

from poetas.serving import iri_grammar

iri_grammar.defer()  # before any module here imports Jupyter
