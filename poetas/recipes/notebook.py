"""A recipe as a Jupyter notebook: program in, nbformat 4 JSON out, one cell a paragraph of the program."""

from __future__ import annotations

import ast
import json


def notebook(code: str) -> str:
    r"""Return a notebook with the program's docstring as Markdown and its top-level paragraphs as code cells.

    >>> [cell["cell_type"] for cell in json.loads(notebook('"Saluda."\n\nprint("hola")'))["cells"]]
    ['markdown', 'code']
    """
    tree = ast.parse(code)
    doc = ast.get_docstring(tree) or ""
    lines = code.splitlines()
    cells = [_cell("markdown", doc)] if doc else []
    body = tree.body[1:] if doc else tree.body
    start = (tree.body[0].end_lineno or 0) if doc else 0
    for node, following in zip(body, [*body[1:], None], strict=True):
        end = node.end_lineno or node.lineno
        upto = len(lines) if following is None else following.lineno - 1
        blank = next((index for index in range(end, upto) if not lines[index].strip()), None)
        if following is None or blank is not None:
            stop = upto if blank is None else blank
            cells.append(_cell("code", "\n".join(lines[start:stop]).strip("\n")))
            start = stop
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    numbered = [{"id": f"paso-{index}", **cell} for index, cell in enumerate(cells, start=1)]
    return json.dumps({"cells": numbered, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False)


def _cell(kind: str, source: str) -> dict[str, object]:
    cell: dict[str, object] = {"cell_type": kind, "metadata": {}, "source": source}
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell
