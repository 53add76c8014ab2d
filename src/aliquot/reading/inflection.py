"""Which forms has an English verb? "take home": take, takes, took, taken, taking home."""

from __future__ import annotations

import re
from typing import Final

# Past and participle of the verbs that do not end in -ed; the words of the lists alone.
_IRREGULAR: Final[dict[str, tuple[str, ...]]] = {
    "be": ("was", "were", "been"), "begin": ("began", "begun"), "bring": ("brought",), "buy": ("bought",), "choose": ("chose", "chosen"), "come": ("came",), "deal": ("dealt",),
    "dig": ("dug",), "draw": ("drew", "drawn"), "drive": ("drove", "driven"), "fall": ("fell", "fallen"), "find": ("found",), "fly": ("flew", "flown"),
    "get": ("got", "gotten"), "give": ("gave", "given"), "go": ("went", "gone"), "hand": ("handed",), "have": ("had",), "hit": ("hit",), "hold": ("held",),
    "keep": ("kept",), "lay": ("laid",), "leave": ("left",), "lend": ("lent",), "lose": ("lost",), "make": ("made",), "pay": ("paid",),
    "put": ("put",), "rise": ("rose", "risen"), "run": ("ran",), "say": ("said",), "see": ("saw", "seen"), "seek": ("sought",), "sell": ("sold",), "send": ("sent",),
    "set": ("set",), "show": ("showed", "shown"), "stand": ("stood",), "steal": ("stole", "stolen"), "strike": ("struck",), "sweep": ("swept",), "take": ("took", "taken"), "tear": ("tore", "torn"),
    "throw": ("threw", "thrown"), "win": ("won",), "wind": ("wound",), "withdraw": ("withdrew", "withdrawn"),
}  # fmt: skip
_VOWEL: Final = "aeiou"
_DOUBLED: Final = re.compile(r"(?:^|[^aeiou])[aeiou][bdgklmnprt]$")
_STRESSED: Final = ("commit", "permit", "transfer", "refer")


def forms(phrase: str, *, base: bool = True) -> str:
    """Return a pattern of all forms of a verb, whose first word is inflected; without the base form where that is another word."""
    verb, _, rest = phrase.partition(" ")
    past = _IRREGULAR.get(verb) or (_ed(verb),)
    found = [*([verb] if base else []), _s(verb), *past, _ing(verb)]
    words = "|".join(dict.fromkeys(found))
    return f"(?:{words})" + (f" {rest}" if rest else "")


def _s(verb: str) -> str:
    if verb in ("have", "be"):
        return {"have": "has", "be": "is"}[verb]
    if re.search(r"(?:s|x|z|ch|sh|o)$", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if _ends_in_y(verb) else f"{verb}s"


def _ed(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if _ends_in_y(verb) else f"{_stem(verb)}ed"


def _ing(verb: str) -> str:
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "be")):
        return f"{verb[:-1]}ing"
    return f"{_stem(verb)}ing"


def _stem(verb: str) -> str:
    """Return the stem with its last consonant doubled where it is: "swap" is "swapp"."""
    one_syllable = len(re.findall(r"[aeiouy]+", verb)) == 1
    doubles = (one_syllable or verb in _STRESSED) and _DOUBLED.search(verb)
    return verb + verb[-1] if doubles else verb


def _ends_in_y(verb: str) -> bool:
    return verb.endswith("y") and verb[-2:-1] not in _VOWEL
