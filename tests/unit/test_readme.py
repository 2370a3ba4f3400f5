"""What the documentation names exists, and what exists is named: settings, commands, links, the way of a photo."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.cli import _parser
from server.settings import settings_table

ROOT = Path(__file__).resolve().parent.parent.parent
READMES = ("README.md", "README.zh-CN.md")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
DOCUMENTS = (
    *READMES,
    "CHANGELOG.md",
    "docs/architecture.md",
    *(f"docs/decisions/{p.name}" for p in DECISIONS),
)
NOT_FOR_PEOPLE = frozenset({"role"})
"""Commands that the supervisor calls and nobody else."""

both_readmes = pytest.mark.parametrize("name", READMES)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def table_of_settings(name: str) -> str:
    found = re.search(
        r"<!-- settings table -->\n(.*?)\n<!-- end of settings table -->", read(name), re.DOTALL
    )
    assert found is not None, f"{name} has no table of settings"
    return found.group(1)


def names_and_defaults(table: str) -> list[tuple[str, str]]:
    rows = [line.strip("|").split("|") for line in table.splitlines()[2:]]
    return [(row[0].strip(), row[1].strip()) for row in rows]


def commands(parser: argparse.ArgumentParser, path: str = "suda") -> Iterator[str]:
    """Every command with all its words, as typed."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield path
    for group in groups:
        for word, sub in group.choices.items():
            if word not in NOT_FOR_PEOPLE:
                yield from commands(sub, f"{path} {word}")


def fenced(text: str) -> list[str]:
    return re.findall(r"^ *```.*?^ *```", text, re.DOTALL | re.MULTILINE)


def headings(text: str) -> list[tuple[int, str]]:
    without_code = re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
    return [(len(marks), words) for marks, words in re.findall(r"^(#+) (.+)$", without_code, re.MULTILINE)]


def anchor(heading: str) -> str:
    """The fragment that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@both_readmes
def test_the_two_commands_come_first(name: str) -> None:
    lines = [line for line in read(name).splitlines() if line.strip()]
    assert lines[1] == "```sh"
    assert [line.split("#")[0].strip() for line in lines[2:4]] == ["make run", "make test"]


def test_the_english_table_of_settings_is_the_generated_one() -> None:
    assert table_of_settings("README.md") == settings_table(), "print it: python -m server.settings"


def test_the_chinese_table_names_every_setting_with_its_default() -> None:
    assert names_and_defaults(table_of_settings("README.zh-CN.md")) == names_and_defaults(settings_table())


@both_readmes
def test_every_command_is_documented_and_none_that_is_not_there(name: str) -> None:
    documented = re.findall(r"^\| `(suda [a-z -]*?[a-z])(?: [A-Z-][^`]*)?` \|", read(name), re.MULTILINE)
    known = list(commands(_parser()))
    assert sorted(re.sub(r" --.*", "", command) for command in documented) == sorted(known)


@both_readmes
def test_every_folder_of_the_house_is_named(name: str) -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    layout = next(block for block in fenced(read(name)) if "conversations/" in block)
    assert folders <= set(re.findall(r"^(\w+)/", layout, re.MULTILINE))


def test_both_languages_have_the_same_parts() -> None:
    english, chinese = map(read, READMES)
    assert [level for level, _ in headings(english)] == [level for level, _ in headings(chinese)]
    assert len(fenced(english)) == len(fenced(chinese))
    assert english.count("\n|") == chinese.count("\n|")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)]+)\)", read(name)):
        path, _, fragment = target.partition("#")
        found = (ROOT / name).parent / path if path else ROOT / name
        assert found.exists(), f"{name} links to {path}"
        if fragment:
            there = [anchor(words) for _, words in headings(found.read_text(encoding="utf-8"))]
            assert fragment in there, f"{name} links to {target}"


def test_the_photo_can_be_followed_by_names() -> None:
    rows = re.findall(
        r"^\| `([\w/]+\.py)` ((?:`[\w., `]+`)?) *\|", read("docs/architecture.md"), re.MULTILINE
    )
    assert len(rows) > 30
    for file, cell in rows:
        source = read(file)
        for name in re.findall(r"\w+", cell):
            assert re.search(rf"^ *(?:async def|def|class) {name}\b", source, re.MULTILINE), f"{file}: {name}"


def test_every_file_that_the_documents_name_is_there() -> None:
    for document in DOCUMENTS:
        for path in re.findall(r"`([a-z]\w*/[\w/.-]*?\.(?:py|yml|md))`", read(document)):
            assert (ROOT / path).exists(), f"{document} names {path}"


def test_decisions_are_numbered_and_say_what_why_and_what_was_rejected() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert all(f"**{part}" in text for part in ("What.", "Why", "Rejected.")), path.name
