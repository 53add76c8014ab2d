"""Are these files the law, as data? The vocabulary and the instruments out of their YAML, or every fault with its line.

A word that the vocabulary lacks, windows that overlap, a date that runs backwards: each is a fault at file and line.
The files that ship are read once a process. Knows the form of the files alone; what they mean together is in
`eligibility`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from aliquot import fault, law_tree
from aliquot.canonical import shown
from aliquot.conditions import Kind
from aliquot.fault import Fault, Refused
from aliquot.law_instrument import instrument
from aliquot.law_text import Instrument, Law
from aliquot.law_tree import Tree, at, texts
from aliquot.law_words import NOTICE_DAYS, FactKind, Question, Vocabulary, Word
from aliquot.vocabulary import Words

VOCABULARY: Final = "vocabulary.yaml"
_BLANK: Final = re.compile(r"\{(\w+)\}")
_KINDS: Final = {
    "is": Kind.IS, "is_one_of": Kind.IS, "at_most": Kind.AT_MOST, "before": Kind.BEFORE, "since": Kind.SINCE,
    "includes": Kind.INCLUDES, "includes_other_than": Kind.INCLUDES_OTHER, "ahead_of": Kind.AHEAD,
    "older_than": Kind.AHEAD,
}  # fmt: skip


@cache
def load() -> Law:
    """Return the law that ships with the library."""
    return read(shipped())


def shipped() -> dict[str, str]:
    """Return the text of every law file that ships, by file name."""
    found = [path for path in files("aliquot.law").iterdir() if path.name.endswith(".yaml")]
    return {path.name: path.read_text("utf-8") for path in sorted(found, key=lambda each: each.name)}


def read(texts_by_name: Mapping[str, str]) -> Law:
    """Return the law that the files state; raise `Refused` with every fault of theirs."""
    words, faults = vocabulary(texts_by_name.get(VOCABULARY, ""))
    instruments: dict[str, Instrument] = {}
    for name, text in texts_by_name.items():
        if name != VOCABULARY and words is not None:
            found, wrong = read_instrument(name, text, words)
            faults += wrong
            if found is not None:
                instruments[found.key] = found
    if words is None or faults:
        raise Refused(faults)
    return Law(words, dict(sorted(instruments.items())))


def read_instrument(name: str, text: str, words: Vocabulary) -> tuple[Instrument | None, list[Fault]]:
    """Return the instrument of one file, or None and what is wrong with it."""
    tree = law_tree.read(name, text, "instrument.schema.json")
    found = None if tree.faults else instrument(tree, words, sha256(text))
    if found is not None and name != f"{found.key.replace('/', '-')}.yaml":
        tree.blame(("instrument",), "“{key}” does not belong into this file",
                   "name the file {name}", key=found.key, name=f"{found.key.replace('/', '-')}.yaml")  # fmt: skip
    return (None if tree.faults else found), tree.faults


def vocabulary(text: str) -> tuple[Vocabulary | None, list[Fault]]:
    """Return the vocabulary, or None and what is wrong with it."""
    tree = law_tree.read(VOCABULARY, text, "vocabulary.schema.json")
    if tree.faults:
        return None, tree.faults
    asked = at(tree.root, "questions")
    questions: dict[str, Question] = {}
    words: list[Word] = []
    for key, plain in asked.items() if isinstance(asked, Mapping) else ():
        kind = FactKind(str(at(plain, "type")))
        questions[key] = Question(key, kind, said(at(plain, "ask")), said(at(plain, "answered_by")),
                                  texts(at(plain, "options")), at(plain, "sensitive") is True,
                                  at(plain, "may_never") is True)  # fmt: skip
        given = at(plain, "words")
        for sentence, meaning in given.items() if isinstance(given, Mapping) else ():
            words.append(_word(sentence, key, kind, meaning))
    _check_words(tree, questions, words)
    if tree.faults:
        return None, tree.faults
    unsure = tuple(said(each) for each in law_tree.items(at(tree.root, "not_verified")))
    return Vocabulary(questions, tuple(words), unsure, sha256(text)), []


def said(plain: law_tree.Plain) -> Words:
    """Return a text in both languages."""
    return Words(str(at(plain, "en") or ""), str(at(plain, "zh") or ""))


def sha256(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _word(sentence: str, key: str, fact: FactKind, meaning: law_tree.Plain) -> Word:
    name = next(each for each in _KINDS if at(meaning, each) is not None)
    value, says = str(at(meaning, name)), Words(sentence, str(at(meaning, "zh")))
    if name in ("ahead_of", "older_than"):
        days = str(at(meaning, "by")).strip("{}")
        return Word(says, key, Kind.AHEAD, than=value, days=days, is_more=name == "older_than")
    if _BLANK.fullmatch(value):
        return Word(says, key, _KINDS[name])
    wanted = value == "yes" if fact is FactKind.BOOL else value
    return Word(says, key, _KINDS[name], (wanted,))


def _check_words(tree: Tree, questions: Mapping[str, Question], words: Iterable[Word]) -> None:
    seen: set[str] = set()
    for word in words:
        question, path = questions[word.key], ("questions", word.key, "words", word.says.en)
        if word.says.en in seen:
            tree.blame(
                path, "the word “{word}” stands twice", "word one of them otherwise", word=word.says.en
            )
        seen.add(word.says.en)
        blanks = set(_BLANK.findall(word.says.en))
        if len(blanks) > 1 or blanks != set(_BLANK.findall(word.says.zh)):
            tree.blame(path, "“{word}” and its Chinese do not have the same one blank",
                       "write the same {braces} in both", word=word.says.en, braces="{name}")  # fmt: skip
        other = questions.get(word.than)
        if word.kind is Kind.AHEAD and (other is None or {other.kind, question.kind} != {FactKind.DATE}):
            tree.blame(path, "“{key}” is no day to count from", "name a question of type date", key=word.than)
        if word.kind is Kind.AHEAD and word.days not in blanks | {NOTICE_DAYS}:
            tree.blame(path, "“{days}” is no number of days", "write notice_days, or a blank of the word",
                       days=word.days)  # fmt: skip
        if word.wanted and question.kind is FactKind.STRING and word.wanted[0] not in question.options:
            tree.blame(path, "“{value}” is no option of {key}", "use one of: {options}", value=str(word.wanted[0]),
                       key=word.key, options=", ".join(question.options))  # fmt: skip
        if not _fits(word, question):
            tree.blame(path, "a question of type {kind} cannot be tested so", "use a test that fits it",
                       kind=question.kind.value)  # fmt: skip


def _fits(word: Word, question: Question) -> bool:
    """Return whether the test can be put to an answer of that type."""
    lists = question.kind in (FactKind.PLACES, FactKind.TEXTS, FactKind.YEARS)
    return {
        Kind.IS: not lists and question.kind is not FactKind.DATE,
        Kind.AT_MOST: question.kind is FactKind.INT,
        Kind.BEFORE: question.kind is FactKind.DATE,
        Kind.SINCE: question.kind is FactKind.DATE,
        Kind.INCLUDES: lists,
        Kind.INCLUDES_OTHER: lists,
        Kind.AHEAD: question.kind is FactKind.DATE,
    }[word.kind]


def unknown_instrument(key: str, law: Law) -> Refused:
    """Return the refusal of a key that no file has."""
    return Refused([fault.of("instrument", "there is no instrument “{key}”", "use one of: {keys}",
                             key=shown(key), keys=", ".join(law.instruments))])  # fmt: skip
