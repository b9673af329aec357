"""The documents say what is so: links lead somewhere, commands exist, rooms import what they may."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from rag.cli.parser import build_parser
from tests.tools import cli_reference

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    page
    for folder in (".", "docs", "eval", "eval/baselines", "eval/reports", "models", "index")
    for page in (ROOT / folder).glob("*.md")
)
README = (ROOT / "README.md").read_text("utf-8")
_LINK = re.compile(r"\]\(([^()\s]+)\)")


def without_code(text: str) -> str:
    """Markdown without fenced and inline code, in which brackets are no links."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each).strip().lower().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in _LINK.findall(without_code(text)):
        if target.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        there = page.parent / path if path else page
        assert there.exists(), f"{page.name} links to {target}, which is not there"
        if anchor:
            assert anchor in anchors(there.read_text("utf-8")), f"{page.name}: no heading {target}"


def test_every_page_is_reached_from_the_readme() -> None:
    reached, pending = set(), [ROOT / "README.md"]
    while pending:
        page = pending.pop()
        if page in reached:
            continue
        reached.add(page)
        for target in _LINK.findall(without_code(page.read_text("utf-8"))):
            path = (page.parent / target.split("#")[0]).resolve()
            if path.suffix == ".md" and path.is_file():
                pending.append(path)
    wanted = {page for page in PAGES if page.parent.name not in ("baselines", "reports")}
    assert wanted <= reached


def test_the_command_reference_is_current() -> None:
    found = cli_reference.PAGE.read_text("utf-8")
    assert found == cli_reference.page(), "Run: python -m tests.tools.cli_reference"


def test_every_command_and_option_is_in_the_reference() -> None:
    sections = dict(
        re.findall(r"^## (rag [\w -]+)\n(.*?)(?=^## |\Z)", cli_reference.page(), re.M | re.S)
    )
    listed = list(cli_reference.commands(build_parser(), "rag"))
    assert {name for name, _, _ in listed} == set(sections)
    for name, parser, _ in listed:
        for action in cli_reference.arguments(parser):
            word = action.option_strings[-1] if action.option_strings else f"{action.dest}"
            known = word if action.option_strings else str(action.metavar or word)
            assert known in sections[name], f"{name} {known} is not in docs/cli.md"


def test_the_readme_names_commands_that_exist() -> None:
    known = {
        name.removeprefix("rag ") for name, _, _ in cli_reference.commands(build_parser(), "rag")
    }
    words = {name.split()[0] for name in known}
    named = re.findall(r"(?:^|`|\$ |# )rag ([a-z]+)\b", README, re.MULTILINE)
    assert named, "the README shows commands"
    assert {word for word in named if word not in words} == set()
    # Every command is on the first page, in its short form at least.
    assert words <= set(re.findall(r"\brag ([a-z]+)\b", README))


def test_options_named_in_the_readme_exist() -> None:
    known = {
        option
        for _, parser, _ in cli_reference.commands(build_parser(), "rag")
        for action in parser._actions
        for option in action.option_strings
    }
    assert set(re.findall(r"(--[a-z][a-z-]+)", README)) <= known


@pytest.mark.parametrize("number", range(len(re.findall(r"```python\n", README))))
def test_python_of_the_readme_compiles_and_uses_public_names(number: int) -> None:
    code = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[number]
    tree = ast.parse(code)
    import rag

    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = __import__(node.module or "", fromlist=["_"])
            assert all(hasattr(module, alias.name) for alias in node.names)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.value.id != "rag" or node.attr in rag.__all__


def table_of_rooms() -> dict[str, set[str]]:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([a-z, ]+) \|$", text, re.MULTILINE)
    return {room: set(named.split(", ")) - {"nothing"} for room, named in rows}


def imports_of(path: Path) -> set[str]:
    """The rooms that a module imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules = [node.module]
            if node.module == "rag":
                modules = [f"rag.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in modules if name.startswith("rag.")}
    return found


def test_rooms_import_what_the_architecture_allows() -> None:
    allowed = table_of_rooms()
    rooms = {
        path.stem: [path] if path.is_file() else sorted(path.rglob("*.py"))
        for path in (ROOT / "rag").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").is_file())
        and not path.stem.startswith("__")
    }
    assert set(rooms) == set(allowed), "the table of ARCHITECTURE.md has every room and no other"
    for room, modules in rooms.items():
        met = set().union(*(imports_of(module) for module in modules)) - {room}
        assert met <= allowed[room], f"{room} imports {sorted(met - allowed[room])}"
        assert allowed[room] <= met, f"{room} does not need {sorted(allowed[room] - met)}"
