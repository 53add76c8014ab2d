"""What was typed, where it was typed plainly? The values of a command's parameters, read at once.

Typer reads words with validators that take longer to load than many a command takes to run. A whole command whose words are
plain (every option by its full name and once, every value of its kind and within its bounds) needs none of that. Whatever
is not plain, help and mistakes included, is Typer's, which then says what is meant or wrong.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from typer.models import ArgumentInfo, OptionInfo

WHOLE: Final = re.compile(r"[0-9]{1,15}")
NUMBER: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
Reader = Callable[[str], object]
READERS: Final[dict[type, tuple[re.Pattern[str] | None, Reader]]] = {
    str: (None, str), Path: (None, Path), int: (WHOLE, int), float: (NUMBER, float),
}  # fmt: skip
SIMPLE: Final = ("default", "param_decls", "help", "metavar", "min", "max", "show_default")


class _NotPlainError(Exception):
    """Typer is to read these words."""


def values(function: Callable[..., object], words: Sequence[str]) -> dict[str, object] | None:
    """Return the value of every parameter of a command's function; None where the words or the function are not plain."""
    try:
        return _values(function, words)
    except _NotPlainError:
        return None


def _values(function: Callable[..., object], words: Sequence[str]) -> dict[str, object]:
    hints = get_type_hints(function, include_extras=True)
    found: dict[str, object] = {}
    options: dict[str, tuple[str, type, Any]] = {}
    arguments: list[tuple[str, type, Any]] = []
    for name, parameter in inspect.signature(function).parameters.items():
        kind, info = _kind(hints[name])
        if isinstance(info, ArgumentInfo):
            arguments.append((name, kind, info))
        else:
            options[_option(name, kind, info)] = (name, kind, info)
        if parameter.default is not inspect.Parameter.empty:
            found[name] = parameter.default
    typed = set()
    rest = iter(words)
    for word in rest:
        if word.startswith("-") and word != "-":
            name, value = _given(word, options, rest)
        elif arguments:
            name, kind, info = arguments.pop(0)
            value = _read(word, kind, info)
        else:
            raise _NotPlainError
        if name in typed:
            raise _NotPlainError
        typed.add(name)
        found[name] = value
    if len(found) < len(hints.keys() - {"return"}):
        raise _NotPlainError
    return found


def _kind(hint: object) -> tuple[type, Any]:
    """The type of a parameter and what Typer is told of it, where that is no more than this module knows."""
    told = get_args(hint)
    if (
        len(told) != 2
        or not isinstance(told[1], OptionInfo | ArgumentInfo)
        or told[0] not in (*READERS, bool)
    ):
        raise _NotPlainError
    kind, info = told
    usual = type(info)()
    if any(value != getattr(usual, name) for name, value in vars(info).items() if name not in SIMPLE):
        raise _NotPlainError
    return kind, info


def _option(name: str, kind: type, info: Any) -> str:
    first = (info.default,) if isinstance(info.default, str) else ()  # where Typer keeps the first name
    names: tuple[str, ...] = (*first, *(info.param_decls or ()))
    if len(names) > 1 or any("/" in each for each in names) or (kind is bool and not names):
        raise _NotPlainError
    return names[0] if names else "--" + name.replace("_", "-")


def _given(word: str, options: dict[str, tuple[str, type, Any]], rest: Iterator[str]) -> tuple[str, object]:
    """The option that a word names, with its value: after an equals sign, else the next word."""
    option, sign, text = word.partition("=")
    if option not in options:
        raise _NotPlainError
    name, kind, info = options[option]
    if kind is bool:
        if sign:
            raise _NotPlainError
        return name, True
    if not sign:
        text = next(rest, "")
    if text.startswith("-") and not sign and text != "-":
        raise _NotPlainError
    return name, _read(text, kind, info)


def _read(text: str, kind: type, info: Any) -> object:
    pattern, reader = READERS[kind]
    if not text or (pattern and not pattern.fullmatch(text)):
        raise _NotPlainError
    value = reader(text)
    if isinstance(value, int | float):
        low, high = (
            (-math.inf if info.min is None else info.min),
            (math.inf if info.max is None else info.max),
        )
        if not low <= value <= high:
            raise _NotPlainError
    return value
