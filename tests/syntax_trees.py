"""Syntax trees of modules, parsed once in a process: several tests look at each node of them."""

import ast
from functools import cache


@cache
def parsed(path):
    """Return a module's syntax tree; a test only reads it."""
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes(path):
    """Return all nodes of a module's syntax tree, without those that only say how a name is used or which operator.

    Such a node (`ast.Load`, `ast.Add`) is the same object wherever it stands, and they are a third of all nodes.
    """
    reached = [parsed(path)]
    for node in reached:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                reached += [inner for inner in value if isinstance(inner, ast.AST)]
            elif isinstance(value, ast.AST) and value._fields:
                reached.append(value)
    return reached
