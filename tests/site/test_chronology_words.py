"""Chronology's sentences in Chinese: every one that it can say is taken apart and said, numbers and codes kept."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from tests.library.chronology_requests import answer, isochron, mean
from tests.library.test_chronology_plots import PICTURES
from tests.library.test_chronology_refusals import BAD

from aliquot.chronology import plots
from aliquot.chronology.constants import shipped
from aliquot.chronology.fields import FIELDS
from aliquot.site import chronology_words

CHRONOLOGY = Path(chronology_words.__file__).parents[1] / "chronology"
HAN = re.compile(r"[\u4e00-\u9fff]")
# What stays as it is: names of fields, columns and sets, isotopes, papers, units.
CODE = re.compile(
    r"“[^”]*”|\[[^\]]*\]|errors\.\w+|[\w.]*_\w*|\w+(?:-\w+)+|[A-Za-z]*\d[\w.]*|https?:\S+|York et al|MSWD|sqrt"
)
WORDS = {
    "York", "True", "sigma", "Student", "Chauvenet", "Ludwig", "docs", "chronology", "errors", "level", "kind", "columns", "rows", "set",
    "override", "units", "initial", "alpha", "from", "model", "rho", "reason", "null", "layout", "omit", "outlier_test",
    "isochron", "york", "mean", "age", "plateau", "concordia", "discordia", "recalculate", "normal", "inverse", "wetherill",
    "concentrations", "ages", "ratio", "steps", "ppm", "ppb", "task", "clock", "constants", "Wasserburg", "true", "false",
    "absolute", "percent", "value", "error", "slope", *FIELDS, *(word for name in shipped() for word in name.split("-")),
}  # fmt: skip


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def english_in(said: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]{3,}", CODE.sub(" ", said))) - WORDS


def sentences_of(answered: dict[str, Any]) -> Iterator[str]:
    """Yield every sentence that an answer has for a reader."""
    yield from (answered[name] for name in ("error", "method") if answered.get(name))
    yield from answered.get("warnings", [])
    if answered.get("quoted"):
        yield answered["quoted"]["label"]
    yield from (each["reason"] for each in answered.get("rows_rejected", []) if each["by"] != "request")
    yield from (each["error"] for each in answered.get("ages") or [] if "error" in each)


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_dated_is_said_in_chinese(name: str) -> None:
    said = chronology_words.say(answer(BAD[name][0])["error"])
    assert HAN.search(said), said
    assert not english_in(said), said


@pytest.mark.parametrize("name", PICTURES)
def test_an_answer_and_its_picture_are_said_in_chinese(name: str) -> None:
    answered = answer(PICTURES[name])
    figure = plots.figure(PICTURES[name], answered, chronology_words.say)
    assert figure is not None
    texts = [chronology_words.say(each) for each in sentences_of(answered)]
    for said in (*texts, figure.title, figure.description):
        assert HAN.search(said), said
        assert not english_in(said), said


@pytest.mark.parametrize("changed", [
    {"external_errors": True}, {"model": 2}, {"model": 3}, {"model": 3, "overdispersed": "age"}, {"coverage": "2s"}, {"coverage": "1s"},
])  # fmt: skip
def test_the_label_of_what_is_quoted_is_said_in_chinese(changed: dict[str, Any]) -> None:
    for request in (isochron(**changed), mean(random_effects=True, outlier_test="chauvenet", **changed)):
        for sentence in sentences_of(answer(request)):
            said = chronology_words.say(sentence)
            assert HAN.search(said), said
            assert not english_in(said), said


def said_in_code() -> Iterator[tuple[str, str]]:
    """Yield where and what of every sentence of a refusal or warning, with a 7 in each place that varies."""
    for path in sorted(CHRONOLOGY.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="NotDatable"), args=[_, what, todo, *_]):
                    texts = [what, todo]
                case ast.Call(func=ast.Name(id="_missing"), args=[_, todo]) if path.name == "table.py":
                    texts = [todo]
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="warnings" | "found"), attr="append"), args=[what]
                ):
                    texts = [what]
                case ast.Return(value=ast.List(elts=[ast.Constant(value=str())] as texts)):
                    pass
                case ast.Dict(keys=keys) if any(
                    isinstance(k, ast.Constant) and k.value == "reason" for k in keys
                ):
                    texts = list(node.values)
                case _:
                    continue
            for text in texts:
                yield from ((path.name, each) for each in spoken(text))


def spoken(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)) if " " in text:
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(filled(each) for each in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from spoken(one)
            yield from spoken(other)


def filled(part: ast.expr) -> str:
    match part:
        case ast.Constant(value=text):
            return str(text)
        case ast.FormattedValue(value=ast.IfExp(body=ast.Constant(value=str(text)))):
            return text
    return "7"


def test_every_sentence_of_the_code_is_known() -> None:
    # What begins with what varies is put together elsewhere: the requests above say it whole.
    found = [
        (file, text) for file, text in said_in_code() if not re.match(r"7[ ,n]*(?:\(|which|=|7|$)", text)
    ]
    assert len(found) > 90
    unknown = [one for one in found if not HAN.search(chronology_words.say(one[1]))]
    assert not unknown, "\n".join(map(str, unknown))


def test_what_somebody_typed_stays_as_it_is() -> None:
    for text in ("a soil: its rubidium comes from KREEP", "", "no", "(" * 40, "; " * 30, "{what}"):
        assert chronology_words.say(text) == text


def test_english_is_left_alone() -> None:
    with translation.override("en"):
        for name in BAD:
            sentence = answer(BAD[name][0])["error"]
            assert chronology_words.say(sentence) == sentence
