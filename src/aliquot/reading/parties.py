"""Who is named in a sentence? States, institutions and places in their normal form.

The forms stand in `names.toml`. An institution that is not there is known by its kind of name and keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.marks import Mark

_CAP: Final = r"[A-ZÀ-Ý][\w&.'-]*"
_LINK: Final = r"(?:of|for|and|&|the|de|du|d'|des|la|in)"
_KIND: Final = r"(?:Historical Society|University|Universit(?:é|ät)|Institute|Institut|Institution|Museum|Musée|Muséum|College|Laborator(?:y|ies)|Observatory|Academy|Air Force Base|Planetarium|Center|Centre|Gallery|Library|Department|Faculty)"
# Such as Arizona State University, Natural History Museum, University of Science and Technology of China.
_INSTITUTION: Final = re.compile(
    rf"(?:Museum (?!Director|Curator|Of|In|The|And)[A-ZÀ-Ý][a-zà-ÿ]+|(?:(?!{_KIND} (?:in|at|and)\b){_CAP} (?:{_LINK} )?){{1,4}}{_KIND}|{_KIND})(?: (?:of|for|at|de|du|d'|des|für|zu) (?:the |la |l')?{_CAP}(?:,? (?:and |& |of |et )?(?!NASA|CNSA|(?:{_CAP} ){{0,3}}{_KIND}){_CAP}){{0,4}})?(?![\w-])"
)
_HAN_INSTITUTION: Final = re.compile(
    r"(?:[\u4e00-\u9fff]{2,8}?(?:大学|科技馆|科学馆|展览馆|博物馆|博物院|研究院|研究所|天文台|天文馆|航天馆)|(?:[\u4e00-\u9fff]{2,6}|[\u30a0-\u30ffー・]{3,12})(?:大学|博物館|科学館|研究所|資料館|宇宙センター|科学センター))"
)
_HAN_LEAD: Final = re.compile(
    r"^(?:.*(?:向|年|随|曾|给|由|在|到|于|和|与|及|是|的|为|将|、|把|从|等|了|送|赠|予|内|の|で|は|が|と|に|も|した|から))(?=[\u4e00-\u9fff\u30a0-\u30ff]{4,})"
)
_ARTICLE: Final = re.compile(
    r"^(?:Das|Der|Die|Dem|Den|Im|Le|La|Les|Un|Une|[Tt]he|In|At|And|But|For|From|Two|Three|A|An|By|With|While|As|Under|After|When|Since|However|According to|On|Why|How|Whether|If|That|Thanks to|Behind) "
)
_NOT: Final = re.compile(
    r"^(?:(?:Research|Space|Science|National|Visitor|Data|Launch|Control|The|Media|Press|Museum|Institute|Center|Centre|University|Academy|College|Library|Laboratory|Department|Observatory|Gallery|Institut|Institution|Planetarium|Faculty|Musée|Universität|Université|Laboratories|Laboratory) ?)+$"
)


# Where a form may begin: at a capital, in French and German also at a small letter, for adjectives; anywhere in Han or kana.
_STARTS: Final = re.compile(r"(?<![A-Za-zÀ-ÿ])[A-ZÀ-Ý]")
_SMALL_STARTS: Final = re.compile(r"(?<![A-Za-zÀ-ÿ])[A-Za-zÀ-ÿ]")
_HAN_TEXT: Final = re.compile(r"[\u3040-\u9fff]")


_Named = tuple[str, str, str]  # name, sort, state


@cache
def _forms() -> tuple[re.Pattern[str], re.Pattern[str], tuple[_Named, ...]]:
    """Return the patterns of the known forms, Latin and Han, each form a group, and what each group names."""
    table = lexicon.table("names.toml")
    known: list[tuple[_Named, list[str]]] = [
        ((name, "institution", one["state"]), one["forms"]) for name, one in table["institution"].items()
    ]
    known += [
        (("Hong Kong", "place", "CN") if code == "Hong-Kong" else (code, "state", code), forms)
        for code, forms in table["state"].items()
    ]
    latin = "|".join(f"({lexicon.either(form for form in forms if not _is_han(form))})" for _, forms in known)
    han = "|".join(f"({lexicon.either(form for form in forms if _is_han(form))})" for _, forms in known)
    ends = r"(?![A-Za-zÀ-ÿ]|(?<=[a-z])'(?=[a-rt-z]))"
    return re.compile(rf"(?:{latin}){ends}"), re.compile(han), tuple(named for named, _ in known)


@cache
def _states(language: str) -> dict[str, list[tuple[str, str]]]:
    """Return the states of `states.toml` by the first letter of their names, long names before those that they contain."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, names in lexicon.table("states.toml").items():
        for name in {names[one] for one in _NAMED_IN.get(language, (language,)) if one in names}:
            found.setdefault(name[0], []).append((name, code))
    for names in found.values():
        names.sort(key=lambda one: -len(one[0]))
    return found


_NAMED_IN: Final = {"zh": ("zh", "ja"), "ja": ("ja", "zh")}
_KANA: Final = re.compile(r"[\u30a1-\u30fa\u30fc]")


# Inner Mongolia, where the capsules come down, is in China.
_INNER: Final = re.compile(r"Inner|Innere|[Ii]ntérieure|内(?:蒙古|モンゴル)")


def _state(text: str, at: int, language: str) -> Mark | None:
    """Return the state whose name begins at a place: a whole word in letters or kana."""
    for name, code in _states(language).get(text[at], ()):
        end = at + len(name)
        if not text.startswith(name, at) or (code == "MN" and _INNER.search(text[max(0, at - 8) : end + 12])):
            continue
        before, after = text[at - 1 : at], text[end : end + 1]
        if language == "de" and after == "s" and not text[end + 1 : end + 2].isalpha():
            end, after = end + 1, ""  # "Irlands Stein"
        is_part = after.isalpha() and not _HAN_TEXT.match(after) and not _is_han(name)
        in_kana = _KANA.match(name[-1]) and (_KANA.match(after) or _KANA.match(before))
        if not is_part and not in_kana:
            return Mark("party", at, end, code, "state", code)
    return None


def _known(text: str, language: str) -> Iterator[Mark]:
    latin, han, named = _forms()
    starts = _STARTS if language not in ("fr", "de") else _SMALL_STARTS
    at = 0
    for start in starts.finditer(text):
        if start.start() < at:
            continue
        match = latin.match(text, start.start())
        if match and match.lastindex:
            at = match.end()
            yield Mark("party", match.start(), at, *named[match.lastindex - 1])
        elif state := _state(text, start.start(), language):
            at = state.end
            yield state
    if not _HAN_TEXT.search(text):
        return
    ends = [0]
    for match in han.finditer(text):
        if match.lastindex:
            yield from _states_between(text, ends[-1], match.start(), language)
            ends.append(match.end())
            yield Mark("party", match.start(), match.end(), *named[match.lastindex - 1])
    yield from _states_between(text, ends[-1], len(text), language)


def _states_between(text: str, low: int, high: int, language: str) -> Iterator[Mark]:
    """Yield the states named in Han or kana where no known form stands."""
    at = low
    while at < high:
        mark = _state(text, at, language) if _HAN_TEXT.match(text[at]) else None
        if mark and mark.end <= high:
            yield mark
        at = mark.end if mark else at + 1


def _is_han(form: str) -> bool:
    return bool(re.search(r"[\u3040-\u9fff]", form))


def parties(text: str, language: str = "en") -> Iterator[Mark]:
    """Yield each party, in order and without overlap."""
    found = list(_known(text, language))
    known = list(found)
    for match in [*_INSTITUTION.finditer(text), *_HAN_INSTITUTION.finditer(text)]:
        start, name = match.start(), match[0]
        if _is_han(name) and (lead := _HAN_LEAD.match(name)):
            start, name = start + lead.end(), name[lead.end() :]
        if text[:start].endswith((" in ", " at ")) and (of := re.match(rf"{_CAP} and (?={_CAP})", name)):
            start, name = (
                start + of.end(),
                name[of.end() :],
            )  # "in Shanghai and Harbin Institute of Technology"
        while lead := _ARTICLE.match(name):
            start, name = start + lead.end(), name[lead.end() :]
        name = re.sub(r"(?:'s|[.,])$", "", name)
        end = start + len(name)
        inside = [mark for mark in known if mark.start < end and start < mark.end]
        whole = any(
            (m.sort == "institution" and len(m.name) > 8) or (m.start <= start and end <= m.end)
            for m in inside
        )
        named = re.match(r"National \w+ \w+", name) and re.match(r" (?:in|at|of) [A-Z]", text[end:])
        if (
            (_NOT.match(name) and not named)
            or re.search("[的在被]", name)
            or len(name) < 4
            or whole
            or (_is_han(name) and len(name) < 4)
        ):
            continue
        state = next((mark.state for mark in inside if mark.sort == "state"), "")
        found = [mark for mark in found if mark not in inside]
        found.append(Mark("party", start, end, name, "institution", state))
    yield from sorted(found, key=lambda mark: mark.start)
