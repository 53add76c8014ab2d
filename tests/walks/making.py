"""What many people do in a call, done with the operations that their pages use: `making.py HOME STAGE CALL`.

The walk does one of each by hand; this does the others. It answers with JSON. Everybody and everything here is made up and
says so; the texts are in Chinese, so that English left on a Chinese page is seen.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from aliquot.cli.home import load

if TYPE_CHECKING:
    from aliquot.site.models import Call, Person, Request, Review

MG = 10**6
VIALS = [f"W-{n}" for n in range(1, 10)]
# Eleven countries: the requester of the demonstration, who writes by hand, asks from the eleventh, China.
COUNTRIES = ("US", "FR", "DE", "JP", "PK", "TH", "ZA", "BR", "IT", "SE")
APPLICANTS = 23
LINES_EACH = 3
ZONES = ("Europe/Paris", "Asia/Tokyo", "Europe/Berlin", "Asia/Karachi", "Asia/Bangkok")
WHY = "演练评审：理由充分，方法可行。"


def main(home: str, stage: str, key: str = "") -> None:
    load(Path(home))
    from django.utils import timezone

    from aliquot.site.models import Call

    call = Call.objects.get(key=key) if key else None
    told = STAGES[stage](call, timezone.now())
    sys.stdout.write(json.dumps(told))


def known(word: str) -> Person:
    from aliquot.site.models import Person

    return Person.objects.get(email=f"{word}@demo.invalid")


def cast(_call: None, at) -> dict[str, object]:
    """Make the samples, the applicants and three more reviewers; return a sign-in link for each role."""
    from aliquot.site.models import ReviewerProfile, Role, Sample
    from aliquot.site.operations import demonstration, people, samples

    curator = known("curator")
    cuts = [
        (Sample(number=name, mission="change-5", material="soil", form="bulk"), 100 * MG) for name in VIALS
    ]
    samples.split(
        "lot:ce5", cuts, place="place:a1", by=samples.By(curator.key, at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    )
    for n in range(1, APPLICANTS + 1):
        people.invite(
            email=f"walk-{n}@demo.invalid", name=f"演练申请人{n:02}", roles=[Role.REQUESTER], by=None, at=at
        )
    for n in range(1, 4):
        person = people.invite(
            email=f"referee-{n}@demo.invalid", name=f"演练评审人{n}", roles=[Role.REVIEWER], by=None, at=at
        )
        ReviewerProfile.objects.create(
            person=person, orcid=orcid(900 + n), institutions=[ror(900 + n) if n > 1 else ror(1)], country="AU",
            zone="Europe/Paris", expertise=["noble gases", "geochronology"],
        )  # fmt: skip
    return {word: f"/sign-in/{token}/" for word, token in demonstration.sign_in_links(at=at)}


def orcid(n: int) -> str:
    from aliquot.identifiers import orcid_check

    digits = (
        f"{5000 + n:015}"  # outside the ranges that ORCID gives to people, and not one of the demonstration's
    )
    digits += orcid_check(digits)
    return "-".join(digits[i : i + 4] for i in range(0, 16, 4))


def ror(n: int) -> str:
    from aliquot.identifiers import ror_check

    seven = f"{5000 + n:07}"
    return seven + ror_check(seven)


def requests(call: Call, at) -> list[str]:
    """Write and submit every request but the one that is written by hand; return their keys."""
    from aliquot.site.operations import requests as operations

    keys = []
    for n in range(1, APPLICANTS + 1):
        by = known(f"walk-{n}")
        made = operations.begin(call, by=by, at=at)
        saved = operations.save(made, text(n, by.name), base=1, by=by, at=at)
        operations.submit(made, version=saved.version.order, by=by, at=at)
        keys.append(made.key)
    return keys


def text(n: int, name: str) -> Mapping[str, object]:
    country = COUNTRIES[n % len(COUNTRIES)]
    house = f"演练研究所{n:02}"
    return {
        "title": f"演练申请{n:02}：月壤", "summary": "为演练而写。", "team": [], "news": "",
        "lead": {"name": name, "orcid": orcid(n), "institution": house, "ror": ror(n), "country": country},
        "funders": [{"name": house, "country": country, "years": [str(2026)], "grant": ""}],
        "lines": [line(VIALS[(n * LINES_EACH + i) % len(VIALS)]) for i in range(LINES_EACH)],
        "facilities": "洁净室。", "security": "保险柜。", "return_plan": "一年内归还剩余样品。", "earlier_loans": "无。",
    }  # fmt: skip


def line(sample: str) -> dict[str, object]:
    return {
        "sample": sample, "kind": "", "form": "bulk soil", "least": "5 mg", "wanted": "12 mg", "alternatives": [],
        "method": "质谱法", "destructive_percent": "20", "why": "只有此样品可用。",
    }  # fmt: skip


def admit(call: Call, at) -> int:
    """Admit what waits still."""
    from aliquot.site.operations import requests as operations

    waiting = list(call.requests.filter(state="submitted"))
    for one in waiting:
        operations.move(one, "admit", by=known("curator"), at=at)
    return len(waiting)


def reviews(call: Call, at) -> dict[str, int]:
    """Every reviewer but the demonstration's own accepts and hands in; one declares a conflict that nobody saw."""
    from aliquot.site.models import Review
    from aliquot.site.operations import scores

    rows = Review.objects.filter(request__call=call, state="assigned").exclude(reviewer=known("reviewer"))
    aside = 0
    for one in rows.select_related("reviewer", "request").order_by("pk"):
        if not aside and one.request.reviews.count() > 1:
            scores.declare(one, conflict="演练：与申请人合写论文。", by=one.reviewer, at=at)
            aside += 1
            continue
        _hand_in(one, at)
    return {"aside": aside}


def mine(call: Call, at) -> int:
    """Hand in what is left for the demonstration's reviewer, who did the first by hand."""
    from aliquot.site.models import Review

    rows = list(
        Review.objects.filter(
            request__call=call, reviewer=known("reviewer"), state__in=("assigned", "accepted")
        )
    )
    for one in rows:
        _hand_in(one, at)
    return len(rows)


def _hand_in(one: Review, at) -> None:
    from aliquot.site.operations import scores

    said = one.request.title[4:6]
    number = int(said) if said.isdigit() else 1
    points = {"c1": max(1, 10 - number // 3), "c2": max(1, 9 - number // 4)}
    if one.state == "assigned":
        scores.declare(one, conflict="", by=one.reviewer, at=at)
        scores.move(one, "accept", by=one.reviewer, at=at)
    scores.write(one, "hand in", points=points, reasons=dict.fromkeys(points, WHY), by=one.reviewer, at=at)


def heard(call: Call, at) -> int:
    """Note of those who were not noted yet that they were heard."""
    from aliquot.site.models import Hearing
    from aliquot.site.operations import hearings

    rows = list(Hearing.objects.filter(request__call=call, heard__isnull=True))
    for one in rows:
        hearings.note(one, heard=True, note="", by=known("chair"))
    return len(rows)


def decide(call: Call, at) -> dict[str, int]:
    """The committee grants five more of the short list and refuses two; every level confirms what was granted."""
    from aliquot.site.models import Request

    listed = list(
        Request.objects.filter(call=call, state="on the short list", decisions=None).order_by(
            "submitted_at", "pk"
        )
    )
    for n, one in enumerate(listed):
        (_grant if n < len(listed) - 2 else _refuse)(one, at)
    return {"granted": len(listed) - 2, "refused": 2}


def _grant(one: Request, at) -> None:
    from aliquot.decisions import COMMITTEE, Decision, Outcome
    from aliquot.site.operations import decisions

    amounts = (12 * MG,) * LINES_EACH
    for level in (COMMITTEE, "centre", "agency"):
        told = Decision(level, Outcome.GRANT, amounts, (), "演练：准予。")
        by = known("chair" if level == COMMITTEE else "director")
        decisions.decide(one, told, sat=_sat(one) if level == COMMITTEE else None, by=by, at=at)


def _refuse(one: Request, at) -> None:
    from aliquot.decisions import COMMITTEE, Decision, Outcome
    from aliquot.site.operations import decisions

    told = Decision(COMMITTEE, Outcome.REFUSE, (), (), "演练：用量过大。", "以模拟样品先行试验。")
    decisions.decide(one, told, sat=_sat(one), by=known("chair"), at=at)


def _sat(one: Request):
    from aliquot.decisions import Vote
    from aliquot.site.operations.decisions import Sat

    voting = [known(word) for word in ("chair", "reviewer", "reviewer-2", "reviewer-3")]
    there = frozenset(person.key for person in voting)
    from aliquot.site import queries

    aside = queries.scores.grounds(one, voting, at=one.submitted_at)
    votes = {person.key: Vote.YES for person in voting if person.pk not in aside}
    return Sat(there, known("chair").key, votes)


STAGES = {
    "cast": cast,
    "requests": requests,
    "admit": admit,
    "reviews": reviews,
    "mine": mine,
    "heard": heard,
    "decide": decide,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
