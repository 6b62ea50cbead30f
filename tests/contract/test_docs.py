"""What the documents promise is there: dependencies, environment variables, make targets, links."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import paths

ROOT = paths.root()
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# A requirement or a target is a line of a known shape, so that no TOML or make parser is needed on Python 3.10.
REQUIREMENT = re.compile(r'^\s*"([A-Za-z0-9_.-]+)(\[[^\]]*\])?[^"]*",\s*$')
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def table_keys(document: Path) -> set[str]:
    """Everything in backquotes in the first column of the tables of *document*."""
    rows = [line.split("|")[1] for line in document.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return {key for row in rows for key in re.findall(r"`([^`]+)`", row)}


def direct_dependencies() -> set[str]:
    found, inside = set(), False
    for line in (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines():
        inside = inside or bool(re.match(r"(dependencies|dev) = \[", line))
        named = REQUIREMENT.match(line) if inside else None
        if named:
            found.add(named.group(1).lower())
        inside = inside and line.strip() != "]"
    return found


def constants(tree: ast.Module) -> dict[str, str]:
    """The text constants that a module names at its top."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            found |= {target.id: node.value.value for target in node.targets if isinstance(target, ast.Name)}
    return found


def environment_reads(tree: ast.Module) -> Iterator[ast.expr]:
    """The name in every os.environ[...], environ.get(...), environ.setdefault(...), os.getenv(...)."""

    def is_environ(node: ast.expr) -> bool:
        named = isinstance(node, ast.Name) and node.id == "environ"
        return named or (isinstance(node, ast.Attribute) and node.attr == "environ")

    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and is_environ(node.value):
            yield node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            if node.func.attr == "getenv" or (node.func.attr in ("get", "setdefault", "pop") and is_environ(node.func.value)):
                yield node.args[0]


def environment_variables() -> dict[str, str]:
    """Every environment variable that the program reads, with the file that reads it."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for folder in ("bot", "actions", "bench")
        for path in sorted((ROOT / folder).rglob("*.py"))
    }
    everywhere = {name: text for tree in trees.values() for name, text in constants(tree).items()}
    found = {}
    for path, tree in trees.items():
        own = everywhere | constants(tree)
        for name in environment_reads(tree):
            if isinstance(name, ast.Constant):
                variable = str(name.value)
            else:
                variable = own.get(name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", ""), "")
            assert variable, f"{path}: cannot tell which variable {ast.unparse(name)} is; name it by a constant of a module"
            found[variable] = path.relative_to(ROOT).as_posix()
    return found


def anchors(document: Path) -> set[str]:
    """The anchors that the headings of *document* make, as on GitHub."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_direct_dependency_is_explained() -> None:
    found = direct_dependencies()
    assert {"rasa", "sqlalchemy", "pytest", "types-pyyaml"} <= found, "the test no longer understands pyproject.toml"
    explained = {key.lower().partition("[")[0] for key in table_keys(ROOT / "docs" / "dependencies.md")}
    assert found <= explained, "name them, with reason and licence, in docs/dependencies.md"


def test_every_environment_variable_is_in_the_readme() -> None:
    found = environment_variables()
    assert {"DATABASE_URL", "MIDDLE_GROUND_SECRET", "MIDDLE_GROUND_ENV", "MIDDLE_GROUND_HOME"} <= found.keys()
    documented = table_keys(ROOT / "README.md")
    missing = {variable: path for variable, path in found.items() if variable not in documented}
    assert not missing, "add them to the table of environment variables in README.md"


def test_every_make_target_that_the_documents_name_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        code = "\n".join([*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)])
        named = set(re.findall(r"(?:^|[;&] ?)make ([a-z]+)\b", code, re.MULTILINE))
        assert named <= targets, (document.name, named - targets)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    assert {target for target in described if f"make {target}" not in readme} <= {"help", "clean", "lock"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file_and_heading_that_exist(document: Path) -> None:
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, heading = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), f"{document.name}: {link} leads nowhere"
        if heading:
            assert heading in anchors(target), f"{document.name}: {link}: there is no such heading"


def test_every_path_in_the_readme_tree_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tree = readme.partition("## Where things are")[2].partition("```")[2].partition("```")[0]
    named = [line.split()[0] for line in tree.splitlines() if line and not line.startswith(" ")]
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists() and name not in ("var/", "models/")] == []


def test_every_command_is_in_the_readme() -> None:
    from bot.cli import parser

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in re.findall(r"^    (\w+) ", parser().format_help(), re.MULTILINE):
        assert f"middle-ground {command}" in readme


def test_the_reading_in_the_readme_is_what_read_says(trained_model: Path) -> None:
    from bot.commands.read import public
    from bot.reading.artefact import from_model
    from bot.reading.reader import Reader

    shown = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- read example -->")[2]
    sent = re.search(r"echo '(.*?)' \|", shown)
    answered = re.search(r"```json\n(.*?)\n```", shown)
    assert sent and answered
    expected = json.loads(answered.group(1))
    found = public(Reader.load(from_model(trained_model)).read(json.loads(sent.group(1))["text"]))
    # The probability moves a little with each training; the rest is what the document promises.
    assert abs(found.pop("confidence") - expected.pop("confidence")) < 0.15
    assert {"id": 1, **found} == expected
