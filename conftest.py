"""Tell pytest what is no module: the recipes are programs to show and to run."""

collect_ignore_glob = ["poetas/recipes/snippets/*", "benchmarks/*"]
