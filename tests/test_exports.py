"""The public names are exactly the documented ones."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import rag
import rag.errors
import rag.types

PAGE = (Path(__file__).parents[1] / "docs" / "api.md").read_text("utf-8")


def documented(section: str) -> list[str]:
    """The names in the table below a heading of docs/api.md."""
    body = re.search(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    assert body is not None, f"docs/api.md has no section {section}"
    return re.findall(r"^\| `(\w+)` \|", body[1], re.M)


def test_the_names_of_the_package() -> None:
    assert rag.__all__ == documented("rag") == sorted(documented("rag"), key=by_case)
    assert set(rag.__all__) <= set(dir(rag))


def by_case(name: str) -> tuple[bool, str]:
    return name[0].islower(), name


def test_the_names_of_the_types() -> None:
    assert set(rag.types.__all__) == set(documented("rag.types"))


def test_the_names_of_the_errors() -> None:
    raised = {
        name for name, each in vars(rag.errors).items()
        if isinstance(each, type) and issubclass(each, rag.errors.RagError)
    }  # fmt: skip
    assert raised == set(documented("rag.errors"))


def test_the_names_of_the_adapters() -> None:
    folder = Path(rag.__file__).parent / "adapters"
    found = {
        path.stem for path in folder.glob("*.py") if "SourceboundRetriever" in path.read_text()
    }
    assert found == set(documented("rag.adapters"))


def test_the_names_of_an_assistant() -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("| `Assistant` |"))
    public = {name for name in vars(rag.Assistant) if not name.startswith("_")}
    assert public == set(re.findall(r"`(\w+)`", row)[1:])


@pytest.mark.parametrize("name", rag.__all__)
def test_each_says_what_it_is_and_is_typed(name: str) -> None:
    found = getattr(rag, name)
    assert found.__name__ == name
    assert found.__doc__
    if inspect.isfunction(found):
        signature = inspect.signature(found)
        assert signature.return_annotation is not signature.empty
        assert all(each.annotation is not each.empty for each in signature.parameters.values())


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = rag.no_such_name


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", PAGE, re.S))
def test_python_of_the_page_uses_public_names(code: str) -> None:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.value.id != "rag" or node.attr in rag.__all__
