"""Which facts for the law does a request tell as far as it is written? Who borrows from whom, what, from when, for whose money.

A pure derivation: what the draft leaves open stays open, and what its authors answered themselves stands beside it. Whether
the facts are well formed is for `law_facts` to say. Names no official and no private finding: those are the facility's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

# Under which policy a call runs tells who lends, and so under whose law the other side is set up.
LENDERS: Final = {"cnsa": ("cnsa", "CN"), "nasa": ("nasa", "US"), "jaxa": ("other", "JP")}
COLLECTIONS: Final = {"change-5": "change5", "change-6": "change6"}
# By the first word of a mission's key.
_SERIES: Final = {"apollo": "apollo", "luna": "luna"}
_STATES: Final = frozenset({"apollo", "luna", "change5", "change6"})


# What the text of a request tells; nobody is asked for it a second time.
TOLD: Final = frozenset(
    {"asked_on", "act", "modality", "lender", "off_the_shelf", "borrower_place", "counterparty_place", "acts_on",
     "loan_months", "funders", "money_years", "collection", "recovered_commercially"}
)  # fmt: skip


def subject(key: str) -> str:
    """Return under which subject a request is screened."""
    return f"request:{key}"


def derived(
    told: Mapping[str, object], *, policy: str, missions: Mapping[str, str], on: date
) -> dict[str, object]:
    """Return the facts that a draft tells; `missions` are the keys of the missions of the samples that are offered."""
    lender, place = LENDERS.get(policy, ("other", ""))
    found: dict[str, object] = {
        "asked_on": on.isoformat(), "act": "borrow", "modality": "research_loan", "lender": lender,
        "off_the_shelf": False,
    }  # fmt: skip
    lead = told.get("lead")
    country = lead.get("country") if isinstance(lead, dict) else None
    if isinstance(country, str) and country.strip():
        found["borrower_place"] = country.strip()
    if place:
        found["counterparty_place"] = place
    begins = _day(told.get("begins"))
    months = str(told.get("months") or "").strip()
    found |= {"acts_on": begins} if begins else {}
    found |= {"loan_months": int(months)} if months.isascii() and months.isdigit() and len(months) < 4 else {}
    return found | _money(told) | _collection(told, missions)


def facts(
    told: Mapping[str, object], answers: Mapping[str, object], *, policy: str, missions: Mapping[str, str], on: date
) -> dict[str, object]:  # fmt: skip
    """Return what a draft tells, and what its authors answered besides; what follows from the text is not overwritten."""
    return {**answers, **derived(told, policy=policy, missions=missions, on=on)}


def _day(value: object) -> str:
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        return ""


def _money(told: Mapping[str, object]) -> dict[str, object]:
    """Return the funders, and of those of the United States the fiscal years, which its laws ask for."""
    rows = list(_rows(told.get("funders")))
    names = [name for row in rows if (name := str(row.get("name") or "").strip())]
    years = {
        int(year)
        for row in rows if row.get("country") == "US"
        for year in _words(row.get("years")) if year.isascii() and year.isdigit() and len(year) == 4
    }  # fmt: skip
    found: dict[str, object] = {"funders": names} if names else {}
    return found | ({"money_years": sorted(years)} if years else {})


def _collection(told: Mapping[str, object], missions: Mapping[str, str]) -> dict[str, object]:
    """Return the collection, where all that is asked for by its number is of one."""
    asked = {
        missions.get(str(row.get("sample")), "") for row in _rows(told.get("lines")) if row.get("sample")
    }
    if not asked and len(set(missions.values())) == 1:
        asked = set(missions.values())
    found = {COLLECTIONS.get(one, _SERIES.get(one.partition("-")[0], "")) for one in asked}
    if len(found) != 1 or not (one := found.pop()):
        return {}
    # What a state's mission brought was not recovered as a business.
    return {"collection": one} | ({"recovered_commercially": False} if one in _STATES else {})


def _rows(value: object) -> Iterator[Mapping[str, object]]:
    for row in value if isinstance(value, list) else ():
        if isinstance(row, dict):
            yield row


def _words(value: object) -> Iterator[str]:
    for word in value if isinstance(value, list) else ():
        yield str(word).strip()
