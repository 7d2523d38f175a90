"""The house rules: floors, no circles, light kernels, clean notebooks, one language."""

import ast
import io
import json
import re
import subprocess
import sys
import tokenize
from collections import Counter, defaultdict
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.syntax_trees import nodes, parsed

FLOORS = {
    "poetas": {"widgets", "apps", "ipywidgets", "bqplot", "IPython", "anywidget", "ipyfilechooser"},
    "widgets": {"apps", "torch", "transformers", "datasets", "evaluate", "tokenizers", "peft", "accelerate"},
}
HEAVY = ("torch", "transformers", "datasets", "evaluate", "peft", "accelerate")


def modules(package):
    """Return {dotted name: path} of a package's modules; recipes' snippets are texts that are shown, not modules."""
    paths = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "snippets" not in parts:
            paths[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return paths


KNOWN = set(modules("poetas")) | set(modules("widgets"))


@cache
def imports(path):
    """Return the dotted names that a file imports; ``from a import b`` is ``a.b`` where that is a module."""
    names = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            modules_named = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if name in KNOWN else node.module for name in modules_named}
    return names


@pytest.mark.parametrize("package", FLOORS)
def test_no_import_runs_upward(package):
    wrong = {
        f"{name} imports {target}"
        for name, path in modules(package).items()
        for target in imports(path)
        if target.split(".")[0] in FLOORS[package]
    }
    assert not wrong


def test_no_import_circle_inside_poetas():
    known = modules("poetas")
    # A package's __init__ gathers its own modules: a module that imports from its package is a circle as well.
    graph = {name: imports(path) & set(known) - {name} for name, path in known.items()}
    done, path = set(), []

    def walk(name):
        if name in path:
            pytest.fail(" -> ".join([*path[path.index(name) :], name]))
        if name not in done:
            path.append(name)
            for target in sorted(graph[name]):
                walk(target)
            path.pop()
            done.add(name)

    for name in sorted(graph):
        walk(name)


def test_every_component_can_be_imported_without_a_heavy_library():
    code = (
        "import sys, widgets\n"
        "for name in widgets.__all__: getattr(getattr(widgets, name), '__mro_entries__', lambda _bases: None)(())\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    seen = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert seen.returncode == 0, seen.stderr
    assert seen.stdout.strip() == "[]"


def test_notebooks_are_committed_without_outputs_and_with_short_cells():
    notebooks = sorted((ROOT / "apps").glob("*.ipynb"))
    assert len(notebooks) == 3
    for path in notebooks:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                assert not cell["outputs"], f"{path.name}: outputs left in it"
                assert cell["execution_count"] is None, f"{path.name}: execution count left in it"
                code = "".join(cell["source"]).strip().splitlines()
                longest = 30 if code[0].startswith("#@title") else 4  # the set-up cell is code for Colab
                assert len(code) <= longest, f"{path.name}: a cell of {len(code)} lines"


def test_modules_are_short_enough_to_read_in_one_sitting():
    long = {
        str(path.relative_to(ROOT)): lines
        for package in ("poetas", "widgets")
        for path in modules(package).values()
        if (lines := len(path.read_text("utf-8").splitlines())) > 260
    }
    assert not long


def test_every_module_says_in_its_first_line_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for package in ("poetas", "widgets", "benchmarks")
        for path in modules(package).values()
        if not ast.get_docstring(parsed(path))
    ]
    assert not silent


def named(node):
    """Return the aliases of a ``from … import …``, nothing for any other node."""
    return node.names if isinstance(node, ast.ImportFrom) else ()


def test_a_page_explains_no_error_past_its_log():
    """Unexpected errors of a page are logged, wherever they happen: see `widgets.core.error_reporting`."""
    names = {
        name: {alias.name for node in nodes(path) for alias in named(node)} for name, path in modules("widgets").items()
    }
    assert "explain_and_log" in names.pop("widgets.core.error_reporting")
    assert [name for name, imported in names.items() if imported & {"explain", "explain_and_log"}] == []


def test_widgets_are_hidden_through_their_elements():
    """Elements share one layout: to write into it would hide all of them."""
    allowed = {"widgets/core/elements.py", "widgets/controls/file_browser.py"}  # the latter is ipyfilechooser's own
    writes = re.compile(r"\.layout\.display = ")
    hiding = {
        str(path.relative_to(ROOT)) for path in modules("widgets").values() if writes.search(path.read_text("utf-8"))
    }
    assert hiding == allowed


def test_no_assertion_is_used_as_validation():
    used = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in ("poetas", "widgets")
        for path in modules(package).values()
        for node in nodes(path)
        if isinstance(node, ast.Assert)
    ]
    assert not used


FOLDERS = {"core": 0, "controls": 1, "explore": 2, "prepare": 2, "train": 2, "course": 2}


def test_folders_of_widgets_import_only_lower_ones():
    """core <- controls <- explore, prepare, train, course, none of which imports another; single modules above."""
    wrong = set()
    for name, path in modules("widgets").items():
        if name == "widgets":
            continue
        folder = name.split(".")[1]
        for target in imports(path):
            package, _, rest = target.partition(".")
            other = rest.split(".")[0]
            if package == "widgets" and other != folder and FOLDERS.get(other, 9) >= FOLDERS.get(folder, 10):
                wrong.add(f"{name} imports {target}")
    assert not wrong


def test_modules_of_widgets_are_imported_by_name_in_no_string():
    """An `import_module("widgets.train…")` is an import that the test above does not see."""
    named = re.compile(r"""(import_module|__import__)\([^)]*["'](widgets\b|\.)""")
    assert [name for name, path in modules("widgets").items() if named.search(path.read_text("utf-8"))] == []


def test_probabilities_are_never_called_odds():
    """Odds are p / (1 - p): the wrong word in a course on language models."""
    word = "od" + "ds"
    texts = [
        path for folder in ("poetas", "widgets", "benchmarks", "tests", "docs") for path in (ROOT / folder).rglob("*")
    ]
    said = [
        str(path.relative_to(ROOT))
        for path in texts
        if path.suffix in {".py", ".md", ".js", ".css", ".toml"}
        if word in path.read_text("utf-8").lower()
        if path != Path(__file__)
    ]
    assert not said


# --- the language of the code: see docs/house.md ----------------------------------------------------------------------

PACKAGES = ("poetas", "widgets", "benchmarks")
CONVENTIONS = {"__init__", "__main__", "errors", "base", "config", "registry", "run"}  # one in several packages
BANNED = re.compile(
    r"\b(odds|whoever|nobody|somebody|anew|told|goes home|what stands|says? of itself)\b", re.IGNORECASE
)
VAGUE = {"odds", "chance", "spot", "at", "found", "told", "one", "wanted"}  # rule 5 of the language, as names
VAGUE_IN_TESTS = VAGUE | {"two", "three", "that", "this"}  # as names of a fixture they say nothing of what it holds
SENTENCE = re.compile(r"(What|How|Where|Which|Whether|When|Who|Whose|Why|Is|Are|Does|Do|It|This|There)\b")


@cache
def comments(path):
    """Return the lines of a module's docstrings and comments."""
    source = path.read_text("utf-8")
    owners = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    lines = [
        line
        for node in nodes(path)
        if isinstance(node, owners)
        for line in (ast.get_docstring(node) or "").splitlines()
    ]
    if "#" in source:
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        lines += [token.string for token in tokens if token.type == tokenize.COMMENT]
    return lines


def sources():
    """Return the modules of the program, and the scripts of docs/ and locale/."""
    scripts = [path for folder in ("docs", "locale") for path in sorted((ROOT / folder).glob("*.py"))]
    return [path for package in PACKAGES for path in modules(package).values()] + scripts


def violations():
    """Count the lines of each module that break the language's rules: banned words, a first line that is a sentence."""
    counts = Counter()
    for path in sources():
        name = str(path.relative_to(ROOT))
        counts[name] += sum(bool(BANNED.search(line)) for line in comments(path))
        counts[name] += bool(SENTENCE.match(ast.get_docstring(parsed(path)) or ""))
    return +counts


def test_comments_and_docstrings_keep_to_the_fields_words():
    assert violations() == {}


NAMED = (ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def bound_names(node):
    """Yield the names that a node binds, whatever the statement: assignment, loop, argument, keyword, attribute..."""
    if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
        yield node.id if isinstance(node, ast.Name) else node.attr
    elif isinstance(node, ast.arg | ast.keyword):
        yield node.arg
    elif isinstance(node, NAMED):
        yield node.name
    elif isinstance(node, ast.MatchMapping):
        yield node.rest
    elif isinstance(node, ast.alias):
        yield node.asname or node.name


def test_names_are_the_fields_terms():
    snippets = [path for path in (ROOT / "poetas").rglob("*.py") if "snippets" in path.parts]
    tests = [ROOT / "conftest.py", *sorted((ROOT / "tests").rglob("*.py"))]
    assert len(tests) > 200
    vague = [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', '')}: {name}"
        for words, paths in ((VAGUE, sources() + snippets), (VAGUE_IN_TESTS, tests))
        for path in paths
        for node in nodes(path)
        for name in (*bound_names(node), *argument_names(node))
        if name and name.strip("_").lower() in words
    ]
    assert vague == []


BOUND_IN_SCRIPTS = re.compile(r"\b(?:const|let|var|function|class)\s+([A-Za-z_$][\w$]*)")


def test_names_in_scripts_are_the_fields_terms():
    scripts = [path for folder in ("share", "widgets", "tests") for path in sorted((ROOT / folder).rglob("*.js"))]
    assert len(scripts) > 20
    vague = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in scripts
        for name in BOUND_IN_SCRIPTS.findall(re.sub(r"//.*", "", path.read_text("utf-8")))
        if name.lower() in VAGUE
    ]
    assert vague == []


def test_the_map_keeps_to_the_fields_words_outside_its_old_names():
    architecture, *_old = (ROOT / "docs" / "house.md").read_text("utf-8").partition("## Old names")
    assert [line for line in architecture.splitlines() if BANNED.search(line)] == []


def test_every_script_and_style_sheet_is_checked():
    """The tool leaves out in silence what its configuration does not name."""
    tracked = subprocess.run(["git", "ls-files", "*.js", "*.css"], cwd=ROOT, capture_output=True, text=True, check=True)
    checked = json.loads((ROOT / "biome.json").read_text("utf-8"))["files"]["includes"]
    left = [name for name in tracked.stdout.split() if not any(fnmatch(name, shape) for shape in checked)]
    assert left == []


def argument_names(node):
    """Yield the names that a ``parametrize`` gives to the arguments of a test."""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "parametrize" and node.args:
        names = [leaf.value for leaf in ast.walk(node.args[0]) if isinstance(leaf, ast.Constant)]
        yield from (name.strip() for text in names for name in text.split(","))


def test_every_way_to_bind_a_name_is_seen():
    code = """
at = 1
at: int = 1
at += 1
for at in (): pass
for _, (at, *_) in (): pass
[0 for at in ()]
(at := 1)
with open("") as at: pass
try: pass
except OSError as at: pass
def f(at): pass
def f(*, at=1): pass
def f(*at): pass
def f(**at): pass
lambda at: 0
f(at=1)
f.at = 1
import at
import os as at
from os import at
def at(): pass
class at: pass
match 1:
    case [*at]: pass
match 1:
    case at: pass
match 1:
    case {**at}: pass
"""
    statements = ast.parse(code).body
    assert [
        ast.unparse(node) for node in statements if "at" not in {n for m in ast.walk(node) for n in bound_names(m)}
    ] == []


REFERENCE = re.compile(r"(?<!`)`([A-Za-z_]\w*(?:\.\w+)+)`(?!`)")


@cache
def defined(path):
    """Return the names that a module defines or imports, those of its classes' members among them."""
    return {name for node in nodes(path) for name in (*bound_names(node), getattr(node, "attr", None)) if name}


def test_comments_and_docstrings_name_what_exists():
    """`module.name`, with or without the packages before the module: a rename has to follow in the comments."""
    homes = defaultdict(list)
    for path in sources():
        parts = path.relative_to(ROOT).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        for start in range(len(parts)):
            homes[parts[start:]].append(path)
    stale = []
    for path in sources():
        for reference in REFERENCE.findall("\n".join(comments(path))):
            parts = tuple(reference.split("."))
            known = next((parts[:end] for end in range(len(parts), 0, -1) if parts[:end] in homes), ())
            rest = parts[len(known) :]
            if known and rest and not any(rest[0] in defined(home) for home in homes[known]):
                stale.append(f"{path.relative_to(ROOT)}: {reference}")
    assert stale == []


def test_no_identifier_calls_a_probability_odds():
    wrong = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in {".py", ".js", ".css", ".md", ".toml"}
        if re.search(r"(?<![a-z])odds(?![a-z])", path.read_text("utf-8"), re.IGNORECASE)
    ]
    assert wrong == []


def test_no_module_name_and_no_class_name_stands_for_two_things():
    named, classes = defaultdict(list), defaultdict(list)
    for path in (path for package in PACKAGES for path in modules(package).values()):
        if path.stem not in CONVENTIONS:
            named[path.stem].append(str(path.relative_to(ROOT)))
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                classes[node.name].append(str(path.relative_to(ROOT)))
    twice = {name: where for table in (named, classes) for name, where in table.items() if len(where) > 1}
    assert twice == {}


def test_no_component_replaces_a_private_member_of_ipywidgets():
    """``self._compare = …`` breaks the widget's own ``repr``, with which JupyterLab and Colab display it."""
    from anywidget import AnyWidget
    from ipywidgets import VBox

    private = {name for kind in (VBox, AnyWidget) for name in dir(kind) if re.match(r"_[a-z]", name)}
    meant = {"_dom_classes", "_esm", "_css", "_ipython_display_", "_repr_mimebundle_"}
    taken = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules("widgets").values()
        for node in nodes(path)
        for name in bound_names(node)
        if name in private - meant and not isinstance(node, ast.arg | ast.keyword | ast.Name)
    ]
    assert taken == []
