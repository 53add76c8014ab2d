"""A call and a request under it, with defaults: each test changes what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aliquot import policy, request_drafts
from aliquot.calls import Call, Criterion, Offer
from aliquot.fault import Fault
from aliquot.policy import Policy
from aliquot.requests import Request

OPENS = datetime(2027, 1, 1, tzinfo=UTC)
CLOSES = datetime(2027, 3, 31, 16, tzinfo=UTC)
GRACE = timedelta(minutes=10)
MG, G = 10**6, 10**9
CNSA, MUSEUM = policy.load("cnsa"), policy.load("museum")


def a_call(**changed: object) -> Call:
    """Return a call for powder and one mount, with two criteria."""
    whole = Call(
        title="Second call", scope="Basalt of the far side", who="Research institutions", countries=(),
        opens=OPENS, closes=CLOSES, zone="Asia/Shanghai", grace_minutes=10,
        offers=(Offer("P-1", 200 * MG, "powder", "basalt"), Offer("P-2", 100 * MG, "powder", "basalt"),
                Offer("M-1", 30 * MG, "polished mount", "basalt")),
        criteria=(Criterion("merit", "Merit", 60), Criterion("team", "Team", 40)),
        points_most=10, two_stage=True, hearing_minutes=15, policy="cnsa", policy_sha256="0" * 64,
    )  # fmt: skip
    return replace(whole, **changed)  # type: ignore[arg-type]


def a_draft(**changed: object) -> dict[str, object]:
    """Return the draft of a complete request for some powder."""
    return {
        "title": "How old is it?", "summary": "Dating basalt.",
        "lead": {"name": "Bo", "orcid": "0000-0002-1825-0097", "institution": "Brown University", "ror": "05gq02987",
                 "country": "US"},
        "team": [],
        "funders": [{"name": "Brown University", "country": "US", "years": ["2027"], "grant": ""}],
        "lines": [a_line()],
        "facilities": "A clean room.", "security": "A safe.", "return_plan": "All that is left, in a year.",
        "earlier_loans": "None.", "news": "",
    } | changed  # fmt: skip


def a_line(**changed: object) -> dict[str, object]:
    return {
        "sample": "P-1", "kind": "", "form": "powder", "least": "20 mg", "wanted": "50 mg", "alternatives": ["P-2"],
        "method": "Pb-Pb by ion probe", "destructive_percent": "10", "why": "The only far-side basalt powder.",
    } | changed  # fmt: skip


def a_request(call: Call | None = None, rules: Policy = CNSA, **changed: object) -> Request:
    found = request_drafts.read(a_draft(**changed), call=call or a_call(), rules=rules)
    assert isinstance(found, Request), [str(one) for one in found]
    return found


def wheres(found: object) -> list[str]:
    """Return where the faults are, in their order."""
    return (
        [one.where for one in found]
        if isinstance(found, tuple) and all(isinstance(f, Fault) for f in found)
        else []
    )
