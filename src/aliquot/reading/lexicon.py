"""Which words of each language does the desk know? The word lists beside this module, as regular expressions.

Words are data: one form a line, so that one who knows the language, and not this code, can read and mend them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

from aliquot.reading import inflection

HAN: Final = re.compile(r"[\u3040-\u9fff]")
# Chinese is read with the characters of Japanese too: a Japanese text has the words of both.
_SPOKEN: Final = {"zh": ("zh", "ja"), "ja": ("zh", "ja")}
_NO_STOP: Final = ("[^.;,]", "[^.;]", "[^.,;]", "[^.]")


def either(forms: Iterable[str]) -> str:
    """Return a pattern of any of these forms, without a group; of none, one that matches nothing."""
    return f"(?:{'|'.join(forms) or '(?!)'})"


@cache
def table(name: str) -> dict[str, Any]:
    """Return one of the word lists that stand beside this module."""
    return tomllib.loads((resources.files("aliquot.reading") / name).read_text("utf-8"))


def spoken(words: Mapping[str, Sequence[str]], language: str) -> list[str]:
    """Return the forms that a language has in a table of forms by language."""
    return [form for name in _SPOKEN.get(language, (language,)) for form in words.get(name, ())]


@cache
def anywhere(name: str, topic: str, language: str = "") -> re.Pattern[str]:
    """Return a pattern of the forms of a topic, in one language or in all: Latin forms as whole words, Han and kana anywhere."""
    words = table(name)
    told = (
        spoken(words[topic], language) if language else [form for of in words[topic].values() for form in of]
    )
    forms = [_filled(form, words.get("part", {})) for form in told]
    latin = [form for form in forms if not HAN.search(form)]
    han = [form for form in forms if HAN.search(form)]
    return re.compile("|".join([rf"\b{either(latin)}\b", *han]), re.IGNORECASE)


@cache
def acts(language: str) -> re.Pattern[str]:
    """Return a pattern in which each act is a named group: Latin forms as whole words, Han and kana anywhere."""
    verbs = table("verbs.toml")
    groups = []
    for act, words in verbs["act"].items():
        forms = [_filled(form, verbs["part"]) for form in spoken(words, language)]
        if forms:
            groups.append(f"(?P<{act}>{_whole(forms)})")
    return re.compile("|".join(groups) or "(?!)", re.IGNORECASE)


def _filled(form: str, parts: dict[str, str]) -> str:
    """Return a form with its parts and inflections; the point of "1.5 grams" ends nothing."""
    if form.startswith("~"):
        form = _INFLECTED.sub(_inflected, form, count=1)
    for name, words in parts.items():
        form = form.replace(f"{{{name}}}", words)
    for part in _NO_STOP:
        form = form.replace(part, rf"(?:{part}|[.,](?=\d))")
    return form


_INFLECTED: Final = re.compile(r"~(?P<less>-?)(?P<phrase>[a-z ]+[a-z])")


def _inflected(match: re.Match[str]) -> str:
    return inflection.forms(match["phrase"], base=not match["less"])


def _whole(forms: list[str]) -> str:
    latin = [form for form in forms if not HAN.search(form)]
    han = [form for form in forms if HAN.search(form)]
    words = [rf"(?<![A-Za-zÀ-ÿ-]){either(latin)}(?![A-Za-zÀ-ÿ])"] if latin else []
    return "|".join([*words, *han])
