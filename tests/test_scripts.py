"""What `make` calls: the texts that are gathered for translators, and what is said of a catalogue."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Message

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))

import messages  # noqa: E402 - a script, not a package
import style  # noqa: E402


def test_both_sentences_of_a_fault_are_gathered_wherever_they_are_kept() -> None:
    source = """
TODO = "write it again"
def why(text):
    if not text:
        return "it is missing"
    return "it is unreadable"
fault.of(where, why(given), TODO, text=given)
fault.of(where, "too long" if long else "too short", "cut " "it")
other.of(where, "not this", "nor this")
"""
    assert {text for _line, text in messages.of_faults(ast.parse(source))} == {
        "it is missing",
        "it is unreadable",
        "write it again",
        "too long",
        "too short",
        "cut it",
    }


def test_texts_of_templates_code_and_faults_are_gathered() -> None:
    found = messages.texts()
    assert found.get("Skip to the content"), "from a template"
    assert found.get("Panel chair"), "from the site's code"
    assert found.get("“{text}” has no unit"), "from a fault of the library"


@pytest.mark.parametrize(
    ("text", "translation", "said"),
    [
        ("{count} samples", "{count} 个样品", ""),
        ("{count} samples", "", "is not translated"),
        ("{count} samples", "{number} 个样品", "and its translation differ in {count}, {number}"),
        (("one sample", "%(count)s samples"), ("%(count)s 个样品",), ""),
        (("one sample", "%(count)s samples"), ("样品",), "and its translation differ in %(count)s"),
    ],
)
def test_what_is_said_of_a_translation(
    text: str | tuple[str, ...], translation: str | tuple[str, ...], said: str
) -> None:
    assert messages._fault(Message(text, translation)) == said


def test_a_fuzzy_translation_is_not_taken() -> None:
    assert "fuzzy" in messages._fault(Message("mass", "质量", flags=["fuzzy"]))


def test_a_style_inside_a_page_is_found() -> None:
    lines = '<p>fine</p>\n<p style="color: red">\n<script src="a.js"></script>\n<script>alert()</script>'
    assert [line for line, _what in style.template(Path("a.html"), lines)] == [2, 4]


def test_a_view_is_held_shorter_than_another_function() -> None:
    long = "def page(request):\n" + "    x = 1\n" * 30
    assert len(list(style.code(Path("web/page.py"), long))) == 1
    assert not list(style.code(Path("queries/page.py"), long))
