"""Which words stand for which act, in each language? The verbs of `verbs.toml` as regular expressions.

Words are data: one form a line, so that one who knows the language, and not this code, can read and mend them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Final

HAN: Final = re.compile(r"[\u3040-\u9fff]")
# Chinese is read with the characters of Japanese too: a Japanese text has the words of both.
_SPOKEN: Final = {"zh": ("zh", "ja"), "ja": ("zh", "ja")}
_NO_STOP: Final = ("[^.;,]", "[^.;]", "[^.,;]", "[^.]")


def either(forms: Iterable[str]) -> str:
    """Return a pattern of any of these forms, without a group."""
    return f"(?:{'|'.join(forms)})"


@cache
def acts(language: str) -> re.Pattern[str]:
    """Return a pattern in which each act is a named group: Latin forms as whole words, Han and kana anywhere."""
    table = tomllib.loads((resources.files("aliquot.reading") / "verbs.toml").read_text("utf-8"))
    parts: dict[str, str] = table["part"]
    spoken = _SPOKEN.get(language, (language,))
    groups = []
    for act, words in table["act"].items():
        forms = [_filled(form, parts) for name in spoken for form in words.get(name, ())]
        if forms:
            groups.append(f"(?P<{act}>{_whole(forms)})")
    return re.compile("|".join(groups), re.IGNORECASE)


def _filled(form: str, parts: dict[str, str]) -> str:
    """Return a form with its parts; the point of "1.5 grams" ends nothing."""
    for name, words in parts.items():
        form = form.replace(f"{{{name}}}", words)
    for part in _NO_STOP:
        form = form.replace(part, rf"(?:{part}|[.,](?=\d))")
    return form


def _whole(forms: list[str]) -> str:
    latin = [form for form in forms if not HAN.search(form)]
    han = [form for form in forms if HAN.search(form)]
    words = [rf"(?<![A-Za-zÀ-ÿ-]){either(latin)}(?![A-Za-zÀ-ÿ])"] if latin else []
    return "|".join([*words, *han])
