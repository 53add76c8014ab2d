"""The instruments once more, as plain chains of ifs over complete facts: what the law files are held against.

Written from the contract alone, and kept apart from the library on purpose: no file, no third truth value.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product

Facts = Mapping[str, object]
STRENGTH = {"prohibited": 4, "cannot_tell": 3, "permitted_on_condition": 2, "permitted": 1, "not_covered": 0}


def yes(facts: Facts, key: str) -> bool:
    return facts[key] is True


def no(facts: Facts, key: str) -> bool:
    return facts[key] is False


def ahead(facts: Facts, key: str, days: int) -> bool:
    """Whether the day is on or before the last good day; “n/a” fails."""
    day, acts = facts[key], facts["acts_on"]
    return "n/a" not in (day, acts) and date.fromisoformat(str(day)) <= date.fromisoformat(
        str(acts)
    ) - timedelta(days)


def since(facts: Facts, day: str) -> bool:
    return facts["acts_on"] != "n/a" and str(facts["acts_on"]) >= day


def wolf_of_year(
    facts: Facts, year: int, hosting: str = "stands_alone", diplomacy: str = "statute_binds"
) -> str:
    if year < 2011:
        return "not_covered"
    if diplomacy == "president_free" and yes(facts, "presidential_diplomacy"):
        return "not_covered"
    if year >= 2027:
        clear = no(facts, "counterparty_china") and no(facts, "official_visitor_hosted")
        return "not_covered" if no(facts, "restricted_money") or clear else "cannot_tell"
    restricted = yes(facts, "restricted_money")
    a = (
        restricted
        and yes(facts, "counterparty_china")
        and yes(facts, "two_sided")
        and not yes(facts, "off_the_shelf")
    )
    b = restricted and yes(facts, "official_visitor_hosted")
    if year <= 2013 and hosting == "tied_to_dealings":
        b = b and a
    days = 14 if year <= 2013 else 30
    needs = ["certificate_covers", "no_transfer_finding"]
    needs += ["no_abuser_finding"] if year >= 2013 else []
    needs += ["fbi_consulted"] if year >= 2016 else []
    has_route = year >= 2012
    certified = (
        has_route and ahead(facts, "certificate_lodged_on", days) and all(yes(facts, each) for each in needs)
    )
    left = (a and not (yes(facts, "later_law") or certified)) or (b and not certified)
    if not a and not b:
        return "not_covered"
    if not left:
        return "permitted"
    return "permitted_on_condition" if has_route and ahead(facts, "asked_on", days) else "prohibited"


def wolf(facts: Facts, hosting: str = "stands_alone", diplomacy: str = "statute_binds") -> str:
    years = facts["money_years"]
    found = (
        [wolf_of_year(facts, int(year), hosting, diplomacy) for year in years]
        if isinstance(years, list)
        else []
    )
    return max(found, key=STRENGTH.__getitem__, default="not_covered")


def prc_15_days(facts: Facts) -> str:
    if not (yes(facts, "nasa_prc_agreement") and yes(facts, "counterparty_china")):
        return "not_covered"
    if ahead(facts, "agreement_certified_on", 15):
        return "permitted"
    return "permitted_on_condition" if ahead(facts, "asked_on", 15) else "prohibited"


def research_loan(facts: Facts) -> str:
    if facts["lender"] != "nasa" or facts["modality"] != "research_loan":
        return "not_covered"
    good = yes(facts, "peer_review_favourable") and yes(facts, "agreement_signed")
    bad = no(facts, "loan_agreement_current") or no(facts, "inventory_current")
    return "permitted" if good and not bad else "permitted_on_condition"


def display_loan(facts: Facts) -> str:
    if facts["lender"] != "nasa" or facts["modality"] != "display_loan" or not since(facts, "2019-04-05"):
        return "not_covered"
    if since(facts, "2024-04-05") and not yes(facts, "display_policy_in_force"):
        return "not_covered"
    return "permitted" if yes(facts, "approved") else "permitted_on_condition"


def entity_list(facts: Facts) -> str:
    if not yes(facts, "held_in_us"):
        return "not_covered"
    asked, listed = facts["asked_on"], facts["restricted_list_date"]
    if (
        "n/a" not in (asked, listed)
        and (date.fromisoformat(str(asked)) - date.fromisoformat(str(listed))).days > 30
    ):
        return "cannot_tell"
    return "permitted_on_condition" if yes(facts, "on_restricted_list") else "not_covered"


def goodwill(facts: Facts) -> str:
    bites = (
        facts["collection"] == "apollo_goodwill" and yes(facts, "enters_us") and no(facts, "seller_had_title")
    )
    return "prohibited" if bites else "not_covered"


def recovery(facts: Facts) -> str:
    keys = ("recovered_commercially", "recoverer_us_citizen", "recovered_lawfully")
    return (
        "permitted"
        if since(facts, "2015-11-25") and all(yes(facts, each) for each in keys)
        else "not_covered"
    )


def access_2013(facts: Facts) -> str:
    nations = facts["person_nationality"]
    inside = since(facts, "2013-03-01") and not since(facts, "2013-08-01")
    if not (yes(facts, "nasa_site_access") and inside and isinstance(nations, list)):
        return "not_covered"
    if "CN" in nations:
        return "prohibited"
    return "cannot_tell" if set(nations) - {"US"} else "not_covered"


def access_2025(facts: Facts) -> str:
    nations = facts["person_nationality"]
    bites = yes(facts, "nasa_site_access") and since(facts, "2025-09-05") and isinstance(nations, list)
    return "prohibited" if bites and isinstance(nations, list) and "CN" in nations else "not_covered"


def measures(facts: Facts) -> str:
    loan = facts["modality"] in ("research_loan", "display_loan")
    if facts["lender"] != "cnsa" or not loan or not since(facts, "2020-12-17"):
        return "not_covered"
    months = facts["loan_months"]
    most = 12 if facts["modality"] == "research_loan" else 2
    short = isinstance(months, int) and months <= most
    good = (
        yes(facts, "approved")
        and yes(facts, "agreement_signed")
        and (short or yes(facts, "extension_granted"))
    )
    return "permitted" if good else "permitted_on_condition"


def international(facts: Facts) -> str:
    covered = facts["lender"] == "cnsa" and facts["modality"] in ("research_loan", "display_loan", "exchange")
    if not covered or facts["borrower_place"] in ("CN", "HK", "MO") or not since(facts, "2020-12-17"):
        return "not_covered"
    return "permitted" if yes(facts, "approved") else "permitted_on_condition"


REFERENCE = {
    "us/wolf": wolf, "us/nasa-prc-15-days": prc_15_days, "us/nasa-research-loan": research_loan,
    "us/nasa-display-loan": display_loan, "us/entity-list": entity_list, "us/goodwill-theft": goodwill,
    "us/commercial-recovery": recovery, "us/nasa-access-2013": access_2013, "us/nasa-access-2025": access_2025,
    "cn/lunar-sample-measures": measures, "cn/international-rules": international,
}  # fmt: skip


def is_consistent(facts: Facts) -> bool:
    """Whether the four rules let complete facts stand."""
    landed = {"apollo": "1969-07-24", "luna": "1970-09-24", "change5": "2020-12-17", "change6": "2024-06-25"}
    first = landed.get(str(facts["collection"]), "")
    if facts["act"] not in ("talk", "sign") and facts["asked_on"] != "n/a" and str(facts["asked_on"]) < first:
        return False
    funders = facts["funders"]
    named = bool({"NASA", "OSTP", "NSPC"} & set(funders)) if isinstance(funders, list) and funders else None
    if named is not None and facts["restricted_money"] is not named:
        return False
    if facts["counterparty_place"] in ("CN", "HK", "MO") and facts["counterparty_china"] is False:
        return False
    return not (facts["restricted_money"] is True and facts["money_years"] in ("n/a", []))


def completions(facts: Mapping[str, object], values: Mapping[str, list[object]]) -> list[dict[str, object]]:
    """Return every consistent way of filling in what is None with the values given for its key."""
    missing = [key for key, value in facts.items() if value is None]
    found = []
    for chosen in product(*(values[key] for key in missing)):
        whole = {**facts, **dict(zip(missing, chosen, strict=True))}
        if is_consistent(whole):
            found.append(whole)
    return found
