"""Branch folding: a recipe's source and a constant in, the same source with the branches that the constant leaves out.

Recipes are written for every architecture; the learner has one. Comments and layout of what is kept stay as written.
"""

from __future__ import annotations

import ast


def fold(code: str, name: str, value: object) -> str:
    r"""Return a program without the branches that ``name == value`` rules out, nor imports that nothing uses then.

    Understood are ``if``, ``elif`` and conditional expressions whose test compares ``name`` with one literal.

    >>> print(fold('KIND = "a"\nif KIND == "b":\n    x = 1\nelse:\n    x = 2  # dos\nprint(x)', "KIND", "a"))
    x = 2  # dos
    print(x)
    """
    while True:
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.If | ast.IfExp) and (outcome := _outcome(node.test, name, value)) is not None:
                code = (
                    _without_branch(code, node, outcome) if isinstance(node, ast.If) else _chosen(code, node, outcome)
                )
                break
        else:
            return _without_unused(code, name)


def _outcome(test: ast.expr, name: str, value: object) -> bool | None:
    """Return whether a test holds, None where it does not depend on the constant alone."""
    match test:
        case ast.Compare(left=ast.Name(id=identifier), ops=[ast.Eq()], comparators=[ast.Constant(value=other)]):
            return other == value if identifier == name else None
        case ast.Compare(left=ast.Name(id=identifier), ops=[ast.NotEq()], comparators=[ast.Constant(value=other)]):
            return other != value if identifier == name else None
    return None


def _without_branch(code: str, node: ast.If, outcome: bool) -> str:  # noqa: FBT001
    """Return the code with an ``if`` statement, or one ``elif`` of it, decided."""
    lines = code.splitlines()
    first, end = node.lineno - 1, node.end_lineno or node.lineno
    body_end = node.body[-1].end_lineno or node.body[-1].lineno
    other = body_end  # index of the first line after the body: `else:`, `elif …:` or what follows the statement
    while other < end and not lines[other].lstrip().startswith(("else", "elif")):
        other += 1
    indent = " " * node.col_offset
    if lines[first].lstrip().startswith("elif"):
        kept = [f"{indent}else:", *lines[first + 1 : body_end]] if outcome else lines[other:end]
    elif outcome:
        kept = _dedented(lines[first + 1 : body_end])
    elif other < end and lines[other].lstrip().startswith("elif"):
        kept = [lines[other].replace("elif", "if", 1), *lines[other + 1 : end]]
    else:
        kept = _dedented(lines[other + 1 : end])
    return "\n".join([*lines[:first], *kept, *lines[end:]])


def _dedented(lines: list[str]) -> list[str]:
    return [line.removeprefix("    ") for line in lines]


def _chosen(code: str, node: ast.IfExp, outcome: bool) -> str:  # noqa: FBT001
    """Return the code with a conditional expression replaced by the branch that is taken, and no parentheses for it."""
    start, end = _offset(code, node.lineno, node.col_offset), _offset(code, node.end_lineno, node.end_col_offset)
    branch = node.body if outcome else node.orelse
    taken = ast.get_source_segment(code, branch) or ""
    before, after = code[:start], code[end:]
    called = before[:-1][-1:].isidentifier() or before[:-1].endswith((")", "]"))
    if before.endswith("(") and after.startswith(")") and not called:
        before, after = before[:-1], after[1:]
    return before + taken + after


def _offset(code: str, line: int | None, column: int | None) -> int:
    """Return the index of a place that `ast` gives as a line and a count of UTF-8 bytes."""
    lines = code.splitlines(keepends=True)
    number = line or 1
    return sum(map(len, lines[: number - 1])) + len(lines[number - 1].encode()[:column].decode())


def _without_unused(code: str, name: str) -> str:
    """Return the code without the constant and the imported names that are not used any more."""
    tree = ast.parse(code)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    lines = code.splitlines()
    for node in reversed(tree.body):
        end = node.end_lineno or node.lineno
        if isinstance(node, ast.Assign) and name not in used and ast.unparse(node.targets[0]) == name:
            del lines[node.lineno - 1 : end]
        elif isinstance(node, ast.ImportFrom | ast.Import):
            kept = [alias for alias in node.names if (alias.asname or alias.name).split(".")[0] in used]
            if len(kept) < len(node.names):
                lines[node.lineno - 1 : end] = _import(node, kept)
    return "\n".join(lines)


def _import(node: ast.ImportFrom | ast.Import, kept: list[ast.alias]) -> list[str]:
    if not kept:
        return []
    node.names = kept
    line = ast.unparse(node)
    if len(line) <= 100:  # noqa: PLR2004 - what a learner's page shows without scrolling
        return [line]
    head, names = line.split(" import ", 1)
    return [f"{head} import (", *(f"    {name.strip()}," for name in names.split(",")), ")"]
