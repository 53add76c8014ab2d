"""Which rules of the policy shaped a plan, and what did the panel fix in it? As sentences. Reads nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from aliquot import mass
from aliquot.allocation_rounds import NG
from aliquot.policy import Policy
from aliquot.site.plan_words import Saying
from aliquot.site.queries.plans import Whole

Row = tuple[str, list[str]]


def name(policy: Policy) -> str:
    """Return what the policy is called."""
    return policy.name_zh if _in_chinese() else policy.name_en


def _in_chinese() -> bool:
    return (get_language() or "en").startswith("zh")


def rules(policy: Policy, whole: Whole, say: Saying) -> list[Row]:
    """Return each rule with what it says; a rule without a sentence is not known to this policy."""
    return [
        (_("Stays behind"), list(_reserves(policy))),
        (_("Lost by each split"), _masses(policy.split_loss_ng)),
        (_("Least split"), _masses(policy.least_split_ng)),
        (_("Pieces of one container"), _most(policy.splits_per_container)),
        (_("Pieces of one amount of a kind"), _most(max(policy.pieces_per_grant, 1))),
        (_("Caps"), list(_caps(policy))),
        (_("First grant counts more"), list(_bonuses(policy))),
        (_("All or not at all"), list(_together(policy, whole, say))),
        (_("What is worth less"), list(_worths(policy))),
    ]


def _masses(ng: int) -> list[str]:
    return [mass.show(ng)] if ng else []


def _most(n: int) -> list[str]:
    return [_("at most {n}").format(n=n)] if n else []


def _reserves(policy: Policy) -> Iterator[str]:
    for use in policy.uses:
        if use.reserve_percent:
            yield _("{percent} % of what a sample of the class “{name}” weighed at first").format(
                percent=use.reserve_percent, name=use.name_zh if _in_chinese() else use.name_en
            )
    if policy.keep_share:
        yield _("{share} of what a sample weighed at first").format(share=policy.keep_share)
    if policy.keep_share_small:
        yield _("{share} of what is rare and small").format(share=policy.keep_share_small)


def _caps(policy: Policy) -> Iterator[str]:
    if n := policy.grants_per_country:
        yield ngettext("{n} line of each country", "{n} lines of each country", n).format(n=n)
    if n := policy.grants_per_institution:
        yield ngettext("{n} line of each institution", "{n} lines of each institution", n).format(n=n)
    if policy.most_per_country_ng:
        yield _("{mass} for each country").format(mass=mass.show(policy.most_per_country_ng))
    if policy.most_per_institution_ng:
        yield _("{mass} for each institution").format(mass=mass.show(policy.most_per_institution_ng))


def _bonuses(policy: Policy) -> Iterator[str]:
    if n := policy.country_bonus_percent:
        yield _("of each country, by {n} % of full marks").format(n=n)
    if n := policy.institution_bonus_percent:
        yield _("of each institution, by {n} % of full marks").format(n=n)


def _together(policy: Policy, whole: Whole, say: Saying) -> Iterator[str]:
    if policy.lines_together:
        yield _("the lines of each request")
    told: Any = whole.plan.input.told["together"]
    for keys in told:
        yield say.listed(r for r, ask in enumerate(whole.asks) if ask.request in keys)


def _worths(policy: Policy) -> Iterator[str]:
    if n := policy.least_worth_percent:
        yield _("the least amount: {n} % of all that is wanted").format(n=n)
    if n := policy.substitute_worth_percent:
        yield _("another sample instead: {n} % of the one asked for").format(n=n)


def fixed(whole: Whole, say: Saying) -> list[str]:
    """Return what the panel fixed, a sentence each, in the order of its lines."""
    pins = whole.plan.pins
    found = [(r, {"pin": "grant", "at": [r]}) for r in pins["grant"]]
    found += [(r, {"pin": "refuse", "at": [r]}) for r in pins["refuse"]]
    found += [(one["request"], {"pin": "exact", "at": [one["request"], one["alternative"], one["level"]]})
              for one in pins["exact"]]  # fmt: skip
    said = [(r, say.party(each)) for r, each in found]
    said += [
        (int(r), _("{line} is to get at most {mass}.").format(line=say.line(int(r)), mass=mass.show(ug * NG)))
        for r, ug in pins["most"].items()
    ]
    return [each for _r, each in sorted(said)]
