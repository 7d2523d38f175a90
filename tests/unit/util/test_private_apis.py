"""Private names of libraries: only those of the list, in all of poetas and widgets; all exist as installed."""

import ast
import importlib
import inspect
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from operator import attrgetter
from pathlib import Path

import pytest

from poetas.util.private_apis import PRIVATE_APIS
from tests.paths import ROOT
from tests.syntax_trees import nodes

OURS = {"poetas", "widgets"}
# Documented: of Python, of IPython, and the hooks that anywidget and evaluate tell to define.
DOCUMENTED = {"_exit", "_getframe", "_ipython_display_", "_repr_mimebundle_", "_esm", "_css", "_info", "_compute"}
MODULES = [
    path
    for package in sorted(OURS)
    for path in sorted((ROOT / package).rglob("*.py"))
    if "snippets" not in path.parts and path.name != "__main__.py"
]
LISTED = {(api.module, api.owner, name) for api in PRIVATE_APIS for name in api.names}
NAMES = {name for _module, _owner, name in LISTED}


def is_private(name):
    return name.startswith("_") and not name.startswith("__") and name != "_"


def top(module):
    return module.split(".")[0]


def is_foreign(module):
    return top(module) not in OURS | set(sys.stdlib_module_names) | {"traitlets"}


def dotted(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def classes_of(path):
    """Return {qualified name: source} of a file's classes; `inspect.getsource` would parse the file for each."""
    text = Path(path).read_text("utf-8")
    lines, classes = text.splitlines(keepends=True), {}

    def look(node, outer):
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.ClassDef):
                classes.setdefault(outer + inner.name, "".join(lines[inner.lineno - 1 : inner.end_lineno]))
                look(inner, f"{outer}{inner.name}.")
            elif isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                look(inner, f"{outer}{inner.name}.<locals>.")
            elif not isinstance(inner, ast.expr):
                look(inner, outer)

    look(ast.parse(text), "")
    return classes


@cache
def source_of(cls):
    try:
        return classes_of(inspect.getsourcefile(cls)).get(cls.__qualname__, "")
    except (OSError, TypeError):  # written in C
        return ""


def has(owner, name):
    """Tell whether a class has a name, also where it is given to its objects only."""
    return hasattr(owner, name) or any(re.search(rf"\b{name}\b", source_of(base)) for base in owner.__mro__)


@pytest.mark.parametrize(("module", "owner", "name"), sorted(LISTED))
def test_a_name_of_the_list_is_there_in_the_installed_version(module, owner, name):
    holder = importlib.import_module(module)
    assert has(attrgetter(owner)(holder), name) if owner else hasattr(holder, name)


@cache
def private_names(cls):
    """Private names of a class of a library: in its body, and those that it gives to its objects."""
    return {name for name in vars(cls) if is_private(name)} | set(re.findall(r"self\.(_[a-zA-Z]\w*)", source_of(cls)))


def used_in_classes(module):
    """Private names of a library's class that a class of ours, which inherits from it, overrides, reads or sets."""
    used = set()
    for cls in vars(module).values():
        if not inspect.isclass(cls) or cls.__module__ != module.__name__:
            continue
        code = source_of(cls)  # the class's own names are more: traitlets adds some
        names = set(re.findall(r"(?:(?:self|cls|super\(\))\.|def |^    )(_[a-zA-Z]\w*)", code, re.MULTILINE))
        for base in cls.__mro__[1:]:
            if is_foreign(base.__module__):
                used |= {(base, name) for name in names & private_names(base)}
    return used


def used_elsewhere(path):
    """Private names that are imported from libraries, or read from objects that are not the module's own."""
    definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    own = {node.name for node in nodes(path) if isinstance(node, definitions)} | {"self", "cls", "super()"}
    used = set()
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module and is_foreign(node.module):
            if any(is_private(part) for part in node.module.split(".")):
                used |= {alias.name for alias in node.names}
            used |= {alias.name for alias in node.names if is_private(alias.name)}
        elif isinstance(node, ast.Import):
            used |= {alias.name for alias in node.names if any(is_private(part) for part in alias.name.split("."))}
        elif (
            isinstance(node, ast.Attribute) and is_private(node.attr) and not own & {node.attr, ast.unparse(node.value)}
        ):
            used.add(node.attr)
    return used


def own_attributes(path):
    """Private names that a module's classes give to their objects."""
    return {
        node.attr
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if isinstance(node.value, ast.Name) and node.value.id == "self"
    }


def unlisted(path):
    """Private names of libraries that a module uses and that are neither listed nor documented."""
    inherits = any(isinstance(node, ast.ClassDef) and node.bases for node in nodes(path))
    inherited = {
        f"{base.__module__}.{base.__name__}.{name}"
        for base, name in (used_in_classes(importlib.import_module(dotted(path))) if inherits else ())
        if top(base.__module__) != "ipyfilechooser"  # pinned to one version: see the list
        if name not in NAMES | DOCUMENTED
    }
    return inherited | (used_elsewhere(path) - own_attributes(path) - NAMES - DOCUMENTED)


def test_no_private_name_is_used_that_the_list_does_not_hold():
    assert {dotted(path): names for path in MODULES if (names := unlisted(path))} == {}


def test_the_list_holds_nothing_that_is_not_used():
    words = {
        word
        for path in MODULES
        if path.name != "private_apis.py"
        for word in re.findall(r"\w+", path.read_text("utf-8"))
    }
    assert words >= NAMES


def test_the_versions_of_what_is_used_privately_are_bounded_above():
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    bounded = {
        re.split(r"[<>=~! ]", line)[0].lower().replace("_", "-") for line in dependencies if "<" in line or "==" in line
    }
    distributions = packages_distributions()
    needed = {distributions[top(api.module)][0].lower().replace("_", "-") for api in PRIVATE_APIS} | {"peft"}
    assert needed <= bounded
