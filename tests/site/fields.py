"""A call with a great field, written in bulk: so many requests, four reviews each, a panel; for speed, not for the rules.

Every row is one that the operations would have written; nothing else is. Institutions and countries are of the ROR
registry and real; the people have no names beyond their numbers.
"""

from __future__ import annotations

import random
from datetime import timedelta

from tests.library.access_worlds import a_draft, a_line
from tests.site import collection as c
from tests.site import deciding, sharing
from tests.site.sharing import BEFORE, OVER

from aliquot import requests
from aliquot.site.models import Call, Person, Receipt, Request, RequestVersion, Review, ReviewerProfile, Role

INSTITUTIONS = (
    ("Brown University", "05gq02987", "US"), ("University of Cologne", "00rcxh774", "DE"),
    ("Osaka University", "035t8zc32", "JP"), ("The Open University", "05mzfcs16", "GB"),
)  # fmt: skip
SAMPLES = 20


def a_field(*, count: int, each: int = 4, reviewers: int = 40) -> deciding.Round:
    """Return a call that is being decided, with `count` requests of `each` reviews."""
    dice = random.Random(count)
    c.holders()
    for n in range(SAMPLES):
        c.a_sample(f"F-{n}", "1 g", form="powder")
    known = {name: deciding.somebody(name.title(), role) for name, role in
             {"ada": Role.CURATOR, "bo": Role.REQUESTER, "eve": Role.DIRECTOR, "hal": Role.CHAIR,
              "ivy": Role.REVIEWER, "jo": Role.REVIEWER}.items()}  # fmt: skip
    for name in ("hal", "ivy", "jo"):
        ReviewerProfile.objects.create(person=known[name], institutions=deciding.THEIRS, country="GB")
    offers = [
        {"sample": f"F-{n}", "mass": "500 mg", "form": "powder", "kind": "basalt"} for n in range(SAMPLES)
    ]
    call = sharing.a_call(known["ada"], offers=offers)
    deciding.calls.sit(
        call,
        {known["hal"]: True, known["ivy"]: True, known["jo"]: True, known["ada"]: False},
        by=known["hal"],
    )
    Call.objects.filter(pk=call.pk).update(state="being decided")
    call.refresh_from_db()
    people = Person.objects.bulk_create(
        Person(email=f"r{n}@example.org", name=f"Reviewer {n}") for n in range(reviewers)
    )
    made = _requests(call, known["bo"], count, dice)
    _reviews(made, people, each, dice)
    return deciding.Round(call, made, known)


def _requests(call: Call, lead: Person, count: int, dice: random.Random) -> list[Request]:
    rows = Request.objects.bulk_create(
        Request(key=f"{n:020x}", call=call, state="in review", lead=lead, title=f"Question {n}", version=1,
                submitted_at=BEFORE + timedelta(seconds=n), made_at=BEFORE)
        for n in range(count)
    )  # fmt: skip
    versions = RequestVersion.objects.bulk_create(
        RequestVersion(request=row, order=1, base=0, told=_told(n, dice), by=lead, at=BEFORE)
        for n, row in enumerate(rows)
    )
    Receipt.objects.bulk_create(
        Receipt(request=one.request, version=one, call_sha256=call.sha256, by=lead, at=BEFORE,
                sha256=requests.receipt(one.told, call_sha256=call.sha256, request=one.request.key, version=1, at=BEFORE))
        for one in versions
    )  # fmt: skip
    return rows


def _told(n: int, dice: random.Random) -> dict[str, object]:
    name, ror, country = INSTITUTIONS[n % len(INSTITUTIONS)]
    lead = {
        "name": f"Applicant {n}",
        "orcid": "0000-0002-1825-0097",
        "institution": name,
        "ror": ror,
        "country": country,
    }
    samples = dice.sample(range(SAMPLES), 2)
    lines = [
        a_line(sample=f"F-{s}", least="5 mg", wanted=f"{dice.randint(5, 60)} mg", alternatives=[])
        for s in samples
    ]
    return a_draft(title=f"Question {n}", lead=lead, lines=lines)


def _reviews(rows: list[Request], people: list[Person], each: int, dice: random.Random) -> None:
    reasons = {
        "merit": "A clear question, and a method that answers it.",
        "team": "They have done it before.",
    }
    Review.objects.bulk_create(
        Review(request=row, reviewer=person, state="handed in", declared_at=OVER, handed_in_at=OVER, reasons=reasons,
               points={"merit": dice.randint(0, 10), "team": dice.randint(0, 10)})
        for row in rows for person in dice.sample(people, each)
    )  # fmt: skip
