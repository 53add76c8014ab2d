"""What does a reviewer tell of themselves, as a form sends it, and is it right? Texts in, a profile or every fault out.

Conflicts of interest and proposals of who reviews what follow from it (see `reviews`): identifiers, institutions, country,
time zone, words of expertise, authors in common. Whether such a person or institution is registered, nobody is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from aliquot import fault, identifiers, texts
from aliquot.countries import CODES
from aliquot.fault import Fault

INSTITUTIONS_MOST: Final = 10
EXPERTISE_MOST: Final = 40
WORD_MOST: Final = 60
PAPERS_MOST: Final = 2_000
TEXT_MOST: Final = 80_000
YEARS: Final = (1950, 2200)
_PAPER: Final = re.compile(r"(\d{4})[\s,;:]+(\S+)", re.ASCII)
# Words that are offered for expertise, and how they are written in Chinese: a request is read for both. Others may be typed.
TERMS: Final[Mapping[str, str]] = {
    "basalt": "玄武岩", "breccia": "角砾岩", "regolith": "月壤", "soil": "月壤", "glass": "玻璃", "agglutinate": "胶结物",
    "anorthosite": "斜长岩", "impact melt": "冲击熔融", "far side": "月背", "meteorite": "陨石",
    "petrology": "岩石学", "mineralogy": "矿物学", "geochronology": "年代学", "trace elements": "微量元素",
    "Pb-Pb": "铅-铅", "U-Pb": "铀-铅", "Rb-Sr": "铷-锶", "Sm-Nd": "钐-钕", "Ar-Ar": "氩-氩", "isotopes": "同位素",
    "noble gases": "稀有气体", "cosmogenic nuclides": "宇宙成因核素", "volatiles": "挥发分", "water": "水",
    "organic": "有机", "solar wind": "太阳风", "space weathering": "太空风化", "magnetism": "磁性",
    "spectroscopy": "光谱", "ion probe": "离子探针", "electron microscopy": "电子显微", "tomography": "断层扫描",
    "mass spectrometry": "质谱", "cratering": "撞击坑", "mantle": "月幔", "volcanism": "火山", "KREEP": "克里普",
    "in situ resources": "原位资源", "mechanical properties": "力学性质",
}  # fmt: skip
_OTHER: Final = {term.casefold(): other for term, other in TERMS.items()}


@dataclass(frozen=True, slots=True)
class Profile:
    """What conflicts and assignments follow from; `papers` are (year, ORCID iD of a co-author)."""

    orcid: str
    institutions: tuple[str, ...]
    country: str
    zone: str
    expertise: tuple[str, ...]
    papers: tuple[tuple[int, str], ...]


def read(told: Mapping[str, str]) -> Profile | tuple[Fault, ...]:
    """Return the profile that a form tells, or everything that is wrong with it.

    `institutions` has a ROR ID a line, `expertise` a word or some a line, `papers` a year and an ORCID iD a line.
    """
    reading = _Reading()
    found = Profile(
        orcid=reading.identifier(told.get("orcid", ""), "orcid"),
        institutions=tuple(dict.fromkeys(reading.institutions(told.get("institutions", "")))),
        country=reading.country(told.get("country", "")),
        zone=reading.zone(told.get("zone", "")),
        expertise=tuple(dict.fromkeys(reading.expertise(told.get("expertise", "")))),
        papers=tuple(dict.fromkeys(reading.papers(told.get("papers", "")))),
    )
    return tuple(reading.faults) or found


def write(profile: Profile) -> dict[str, str]:
    """Return what the form shows of a profile: `read` makes the same profile of it."""
    return {
        "orcid": profile.orcid, "country": profile.country, "zone": profile.zone,
        "institutions": "\n".join(profile.institutions), "expertise": "\n".join(profile.expertise),
        "papers": "\n".join(f"{year} {who}" for year, who in profile.papers),
    }  # fmt: skip


def spellings(word: str) -> tuple[str, ...]:
    """Return a word of expertise in each language in which a request may have it."""
    other = _OTHER.get(word.strip().casefold())
    return (word, other) if other else (word,)


def is_zone(zone: str) -> bool:
    """Whether this is a time zone of the machine's database, such as Asia/Shanghai."""
    return zone in zones()


@cache
def zones() -> tuple[str, ...]:
    """Return the names of all time zones that the machine knows, in order."""
    return tuple(sorted(available_timezones()))


@dataclass(slots=True)
class _Reading:
    """Reads texts and keeps every fault; what is returned beside faults is never used."""

    faults: list[Fault] = field(default_factory=list)

    def identifier(self, text: str, where: str) -> str:
        if not text.strip():
            return ""
        found = identifiers.orcid(text, where)
        return self._or_fault(found)

    def _or_fault(self, found: str | Fault) -> str:
        if isinstance(found, Fault):
            self.faults.append(found)
            return ""
        return found

    def lines(self, text: str, where: str, most: int) -> Iterator[str]:
        """Yield the lines that say something; a list has at most so many."""
        wrong = list(texts.check(where, text, most=TEXT_MOST))
        self.faults += wrong
        found = [] if wrong else [line.strip() for line in text.splitlines() if line.strip()]
        if len(found) > most:
            self.faults.append(
                fault.of(where, "there are more than {most} lines", "keep the newest", most=most)
            )
        yield from found[:most]

    def institutions(self, text: str) -> Iterator[str]:
        for line in self.lines(text, "institutions", INSTITUTIONS_MOST):
            yield self._or_fault(identifiers.ror(line, "institutions"))

    def country(self, text: str) -> str:
        code = text.strip().upper()
        if code and code not in CODES:
            self.faults.append(fault.of("country", "“{code}” is no code of a country", "write two letters, such as JP",
                                        code=code[:10]))  # fmt: skip
        return code

    def zone(self, text: str) -> str:
        zone = text.strip() or "UTC"
        if not is_zone(zone):
            self.faults.append(
                fault.of(
                    "zone", "there is no time zone “{zone}”", "write it as Asia/Shanghai", zone=zone[:60]
                )
            )
        return zone

    def expertise(self, text: str) -> Iterator[str]:
        for line in self.lines(text.replace(",", "\n").replace("，", "\n"), "expertise", EXPERTISE_MOST):
            if len(line) > WORD_MOST:
                self.faults.append(fault.of("expertise", "“{word}” is longer than {most} characters", "use a few words",
                                            word=line[:20], most=WORD_MOST))  # fmt: skip
            yield line

    def papers(self, text: str) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(self.lines(text, "papers", PAPERS_MOST), 1):
            found = _PAPER.fullmatch(line)
            if found is None or not YEARS[0] <= int(found[1]) <= YEARS[1]:
                self.faults.append(fault.of("papers", "line {line} is not a year and an ORCID iD",
                                            "write it as 2024 0000-0002-1825-0097", line=number))  # fmt: skip
                continue
            yield int(found[1]), self.identifier(found[2], "papers")
