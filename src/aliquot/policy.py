"""What has a facility decided for itself? Its rules as data: classes of use, seals, terms, indivisible forms.

One TOML file is one pack; every rule names its source. Knows no law (that is another library) and decides
nothing: who applies a rule asks for its value here. The four uses: CNSA, Measures for the Management of
Lunar Samples, 2020; packs of other agencies are examples with their own sources.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from typing import Any, Final

from aliquot import fault, mass
from aliquot.book import USE_CLASS
from aliquot.countries import CODES
from aliquot.fault import Fault, Refused
from aliquot.ledger import is_moment

LEVELS: Final = ("committee", "centre", "agency")
NAMEABLE: Final = ("institution", "title")


@dataclass(frozen=True, slots=True)
class UseClass:
    """A class of use: sealed or not, and for how long a loan of it runs (months; 0: not lent at all)."""

    key: str
    name_en: str
    name_zh: str
    sealed: bool
    loan_months: int
    renewals: int
    renewal_months: int
    reserve_percent: int
    source: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A facility's rules, as its pack states them. A mass or a share of 0 is a rule that is not known."""

    key: str
    name_en: str
    name_zh: str
    in_force: str
    uses: tuple[UseClass, ...]
    sealed_approvals: int
    working_days_to_sign: int
    indivisible_forms: tuple[str, ...]
    inventory_months: int
    backup_share_percent: int
    incident_report_hours: int
    decision_levels: tuple[str, ...]
    two_stage: bool
    hearing_minutes: int
    grace_minutes: int
    amendment_notice_days: int
    reviews_per_request: int
    applicants_named: bool
    reviewers_named: bool
    granted_named: tuple[str, ...]
    coauthor_years: int
    countries_apart: tuple[str, ...]
    disagreement_percent: int
    quorum_percent: int
    appeal_days: int
    resubmission: bool
    keep_share: Fraction
    keep_share_small: Fraction
    small_ng: int
    least_lent_ng: int
    most_of_sample_ng: int
    most_of_rare_ng: int
    most_of_request_ng: int
    most_of_requester_ng: int
    samples_per_request: int
    requests_per_person: int
    requests_per_institution: int
    paper_months: int
    delinquency_blocks: bool
    split_loss_ng: int
    least_split_ng: int
    splits_per_container: int
    pieces_per_grant: int
    grants_per_country: int
    grants_per_institution: int
    most_per_country_ng: int
    most_per_institution_ng: int
    country_bonus_percent: int
    institution_bonus_percent: int
    lines_together: bool
    least_worth_percent: int
    substitute_worth_percent: int
    published_plan: str

    def use(self, key: str) -> UseClass | None:
        """Return the class of use of that name, if the policy has it."""
        return next((use for use in self.uses if use.key == key), None)

    @property
    def sealed_classes(self) -> frozenset[str]:
        """The classes that are neither lent, given nor used up."""
        return frozenset(use.key for use in self.uses if use.sealed)


# Key -> (its type, what it says). Every key of a pack is here, and the guide to policies lists them all.
KEYS: Final[dict[str, tuple[type, str]]] = {
    "name_en": (str, "the pack's name in English"),
    "name_zh": (str, "the pack's name in Chinese"),
    "in_force": (str, "the day from which it holds, YYYY-MM-DD; empty where not known"),
    "sealed_approvals": (int, "how many people approve an act on a sealed sample"),
    "working_days_to_sign": (int, "working days to sign an agreement after approval; 0: no rule known"),
    "indivisible_forms": (list, "forms that are lent whole"),
    "inventory_months": (int, "how often a borrower states what is still there; 0: no rule known"),
    "backup_share_percent": (int, "the share meant for the remote backup store; 0: no rule known"),
    "incident_report_hours": (int, "within how many hours an incident is reported; 0: no rule known"),
    "decision_levels": (list, "who decides on a request, in order: committee, centre, agency"),
    "two_stage": (bool, "whether letter reviews choose who is heard"),
    "hearing_minutes": (int, "minutes of a hearing; 0: no rule known"),
    "grace_minutes": (int, "minutes after the deadline in which a submission is still taken"),
    "amendment_notice_days": (
        int,
        "days that must remain to the deadline when what is offered changes; 0: no rule known",
    ),
    "reviews_per_request": (int, "how many reviews a request gets; 0: no rule known"),
    "applicants_named": (bool, "whether reviewers learn who asks"),
    "reviewers_named": (bool, "whether applicants learn who reviewed"),
    "granted_named": (list, "what the public result names of each grant: institution, title"),
    "coauthor_years": (int, "for how many years authors in common are a conflict"),
    "countries_apart": (list, "pairs of countries whose people do not review each other, as AA-BB"),
    "disagreement_percent": (int, "from which spread of the scale on reviewers disagree; 0: never flagged"),
    "quorum_percent": (int, "the share of voting members that must be there; 0: no rule known"),
    "appeal_days": (int, "days in which a decision may be appealed against; 0: no appeal"),
    "resubmission": (bool, "whether what was refused may be asked for again in a later call"),
    "keep_share": (str, "the share of a sample's first mass that stays, such as 2/3; empty: no rule known"),
    "keep_share_small": (str, "the share that stays of what is rare and small; empty: no rule known"),
    "small_mass": (str, "below which first mass a rare sample is small; empty: no rule known"),
    "least_lent_mass": (str, "below which mass a sample is not lent; empty: no rule known"),
    "most_of_sample_mass": (str, "the most that is given of one sample; empty: no rule known"),
    "most_of_rare_mass": (str, "the most that is given of one rare sample; empty: no rule known"),
    "most_of_request_mass": (str, "the most that one request gets; empty: no rule known"),
    "most_of_requester_mass": (str, "the most that one requester holds; empty: no rule known"),
    "samples_per_request": (int, "how many samples one request may name; 0: no rule known"),
    "requests_per_person": (int, "how many requests one person may lead in a call; 0: no rule known"),
    "requests_per_institution": (
        int,
        "how many requests one institution may make in a call; 0: no rule known",
    ),
    "paper_months": (
        int,
        "months without a paper after which a further request is looked at; 0: no rule known",
    ),
    "delinquency_blocks": (bool, "whether nothing is given to whoever is overdue"),
    "split_loss_mass": (str, "what a split loses in handling; empty: no rule known"),
    "least_split_mass": (str, "the least split that is of use; empty: no rule known"),
    "splits_per_container": (int, "how often one container is opened for a round; 0: no rule known"),
    "pieces_per_grant": (int, "in how many pieces an amount of a kind may come; 0: in one"),
    "grants_per_country": (int, "how many lines of requests from one country are granted; 0: no rule known"),
    "grants_per_institution": (
        int,
        "how many lines of requests from one institution are granted; 0: no rule known",
    ),
    "most_per_country_mass": (str, "the most that one country gets in a call; empty: no rule known"),
    "most_per_institution_mass": (str, "the most that one institution gets in a call; empty: no rule known"),
    "country_bonus_percent": (int, "what the first grant of a country is worth besides, of full marks"),
    "institution_bonus_percent": (
        int,
        "what the first grant of an institution is worth besides, of full marks",
    ),
    "lines_together": (bool, "whether the lines of a request are granted all or not at all"),
    "least_worth_percent": (int, "what the least amount is worth of what is wanted; 0: as much"),
    "substitute_worth_percent": (int, "what another sample is worth of the one asked for; 0: as much"),
    "published_plan": (
        str,
        "what of the plan is published after the decisions: method or whole; empty: nothing",
    ),
    "sources": (dict, "for each key the source of its value, or why there is none"),
    "use": (list, "the classes of use"),
}
SHARES: Final = ("keep_share", "keep_share_small")
PERCENTS: Final = (
    "backup_share_percent", "disagreement_percent", "quorum_percent", "country_bonus_percent", "institution_bonus_percent",
    "least_worth_percent", "substitute_worth_percent",
)  # fmt: skip
PUBLISHED_PLANS: Final = ("", "method", "whole")
USE_KEYS: Final[dict[str, tuple[type, str]]] = {
    "key": (str, "the word in the ledger"),
    "name_en": (str, "its name in English"),
    "name_zh": (str, "its name in Chinese"),
    "sealed": (bool, "whether it is neither lent, given nor used up"),
    "loan_months": (int, "the usual term of a loan; 0: not lent, or no rule known"),
    "renewals": (int, "how often a loan may be renewed"),
    "renewal_months": (int, "the longest renewal"),
    "reserve_percent": (int, "the share of its first mass that no plan allocates"),
    "source": (str, "who says so"),
}


def load(key: str) -> Policy:
    """Return a pack that ships with the library; raise `Refused` where it is unknown or wrong."""
    if key not in packs():
        raise Refused([fault.of("policy", "there is no policy “{key}”", "use one of: {packs}",
                                key=key, packs=", ".join(packs()))])  # fmt: skip
    return read(key, files("aliquot.policies").joinpath(f"{key}.toml").read_text("utf-8"))


def packs() -> tuple[str, ...]:
    """Return the keys of the packs that ship with the library."""
    found = (path.name for path in files("aliquot.policies").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def read(key: str, text: str) -> Policy:
    """Return the policy that the TOML text states; raise `Refused` with every fault of it."""
    try:
        table = tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # a number or a nesting beyond all measure is no TOML either
        raise Refused(
            [fault.of(key, "the file is not TOML: {error}", "mend it there", error=str(error))]
        ) from error
    return _policy(key, table)


def read_kept(key: str, text: str) -> Policy:
    """Return the policy of a text that was kept when it was in force: a rule that came later is not known in it."""
    try:
        table = tomllib.loads(text)
    except ValueError:
        return read(key, text)
    later = [name for name in KEYS if name not in table and name not in ("sources", "use")]
    for name in later:
        table[name] = KEYS[name][0]()
        table.get("sources", {})[name] = "the pack is older than this rule"
    for use in table.get("use", ()):
        use.update({name: kind() for name, (kind, _) in USE_KEYS.items() if name not in use})
    return _policy(key, table)


def _policy(key: str, table: Mapping[str, Any]) -> Policy:
    fault.refuse_if([*_check_keys(key, table, KEYS), *_check_sources(key, table), *_check_values(key, table)])
    rules = dict(_rule(name, table[name]) for name in KEYS if name not in ("use", "sources"))
    return Policy(key=key, uses=tuple(UseClass(**use) for use in table["use"]), **rules)


def _rule(name: str, value: Any) -> tuple[str, Any]:
    """Return a rule of a sound pack by the name of its field: lists as tuples, masses in nanograms, shares exact."""
    if isinstance(value, list):
        return name, tuple(value)
    if name in SHARES:
        return name, Fraction(value or 0)
    if name.endswith("_mass"):
        return f"{name.removesuffix('mass')}ng", mass.read(value) if value else 0
    return name, value


def _check_keys(
    where: str, table: Mapping[str, object], keys: Mapping[str, tuple[type, str]]
) -> Iterator[Fault]:
    for name, (kind, meaning) in keys.items():
        value = table.get(name)
        if type(value) is not kind:
            yield fault.of(where, "“{name}” is missing or not a {kind}", "give {meaning}",
                           name=name, kind=kind.__name__, meaning=meaning)  # fmt: skip
        elif kind is int and isinstance(value, int) and value < 0:
            yield fault.of(where, "“{name}” is below zero", "give {meaning}", name=name, meaning=meaning)
    for name in sorted(table.keys() - keys.keys()):
        yield fault.of(
            where, "“{name}” is not a key of a policy", "remove it, or mend its spelling", name=name
        )


def _check_sources(key: str, table: Mapping[str, object]) -> Iterator[Fault]:
    sources = table.get("sources")
    named = sources if isinstance(sources, dict) else {}
    sourced = [name for name in KEYS if name not in ("name_en", "name_zh", "use", "sources")]
    for name in sourced:
        if not isinstance(named.get(name), str) or not named[name]:
            yield fault.of(key, "“{name}” has no source", "name it under [sources]", name=name)
    for name in sorted(named.keys() - set(sourced)):
        yield fault.of(key, "“{name}” has a source but is no rule of a policy",
                       "remove it, or mend its spelling", name=name)  # fmt: skip


def _check_values(key: str, table: Mapping[str, object]) -> Iterator[Fault]:
    day = table.get("in_force")
    if isinstance(day, str) and day and not is_moment(f"{day}T00:00:00Z"):
        yield fault.of(key, "“in_force” is not a day", "write it as 2020-12-17, or leave it empty")
    if table.get("published_plan", "") not in PUBLISHED_PLANS:
        yield fault.of(
            key, "“published_plan” says what is not known", "write method or whole, or leave it empty"
        )
    for name in PERCENTS:
        share = table.get(name)
        if isinstance(share, int) and share > 100:
            yield fault.of(key, "“{name}” is more than 100", "give a share of the whole", name=name)
    for name, value in table.items():
        if name in KEYS and name != "use" and isinstance(value, list):
            yield from _check_words(key, name, value)
        elif name in SHARES and isinstance(value, str) and value and not _is_share(value):
            yield fault.of(key, "“{name}” is not a share", "write it as 2/3, or leave it empty", name=name)
        elif name in KEYS and name.endswith("_mass") and isinstance(value, str) and not _is_mass(value):
            yield fault.of(key, "“{name}” is not a mass", "write it as 50 g, or leave it empty", name=name)
    uses = table.get("use")
    if isinstance(uses, list):
        yield from _check_uses(key, uses)


def _check_words(key: str, name: str, words: list[object]) -> Iterator[Fault]:
    if not all(isinstance(word, str) and word for word in words):
        yield fault.of(key, "“{name}” has something that is not a word", "list words", name=name)
        return
    said = [str(word) for word in words]
    if name == "decision_levels" and (not said or said != [level for level in LEVELS if level in said]):
        yield fault.of(key, "“decision_levels” are not levels in their order", "choose from: {levels}",
                       levels=", ".join(LEVELS))  # fmt: skip
    if name == "granted_named" and said != [word for word in NAMEABLE if word in said]:
        yield fault.of(key, "“granted_named” has something that no result names", "choose from: {words}",
                       words=", ".join(NAMEABLE))  # fmt: skip
    if name == "countries_apart" and not all(
        set(pair.split("-")) <= CODES and len(pair) == 5 for pair in said
    ):
        yield fault.of(
            key, "“countries_apart” has something that is no pair of countries", "write pairs as CN-US"
        )


def _is_mass(text: str) -> bool:
    return not text or isinstance(mass.read(text), int)


def _is_share(text: str) -> bool:
    found = re.fullmatch(r"([0-9]{1,4})/([1-9][0-9]{0,3})", text)
    return found is not None and 0 < int(found[1]) <= int(found[2])


def _check_uses(key: str, uses: list[object]) -> Iterator[Fault]:
    named: set[str] = set()
    for i, use in enumerate(uses):
        where = f"{key}: use[{i}]"
        if not isinstance(use, dict):
            yield fault.of(where, "this is not a class of use", "write it under [[use]]")
            continue
        yield from _check_keys(where, use, USE_KEYS)
        word = str(use.get("key", ""))
        if word and not re.fullmatch(USE_CLASS, word):
            yield fault.of(where, "“{word}” cannot stand in the ledger as a class of use",
                           "use small letters and hyphens, and not the word “sealed”", word=word)  # fmt: skip
        if word and word in named:
            yield fault.of(where, "the class “{word}” stands here twice", "keep one of them", word=word)
        named.add(word)
        reserve = use.get("reserve_percent")
        if isinstance(reserve, int) and reserve > 100:
            yield fault.of(where, "“reserve_percent” is more than 100", "give a share of the whole")
        if use.get("sealed") and use.get("loan_months"):
            yield fault.of(where, "a sealed class has a loan term", "make it one or the other")
