"""Running the reviews of a call: what reviewers tell of themselves, until when reviews are wanted, reminders, the short list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from aliquot import calls, fault, reviewers
from aliquot.fault import Fault, Refused
from aliquot.reviewers import Profile
from aliquot.site import queries
from aliquot.site.models import (
    Call,
    Person,
    Request,
    Review,
    ReviewDate,
    ReviewerProfile,
    ReviewReminder,
)
from aliquot.site.operations import notices, requests
from aliquot.site.operations.life_cycles import parts
from aliquot.site.queries.requests import REVIEWED
from aliquot.site.queries.reviewing import WRITING

RUNNING = ("closed", "in review")


@transaction.atomic
def keep_profile(told: Mapping[str, str], *, by: Person) -> ReviewerProfile:
    """Keep what somebody tells of themselves; conflicts and proposals follow from it from now on."""
    found = reviewers.read(told)
    if not isinstance(found, Profile):
        raise Refused(found)
    faults = []
    if found.orcid and ReviewerProfile.objects.filter(orcid=found.orcid).exclude(person=by).exists():
        faults.append(fault.of("orcid", "somebody else here has this ORCID iD", "compare it with your ORCID record"))  # fmt: skip
    fault.refuse_if(faults)
    kept = {
        "orcid": found.orcid, "country": found.country, "zone": found.zone, "institutions": list(found.institutions),
        "expertise": list(found.expertise), "papers": [list(paper) for paper in found.papers],
    }  # fmt: skip
    made, _ = ReviewerProfile.objects.update_or_create(person=by, defaults=kept)
    return made


@transaction.atomic
def set_date(call: Call, text: str, *, by: Person, at: datetime) -> ReviewDate:
    """Say until when the reviews are wanted, as a clock in the call's zone shows it; said again, the newest counts."""
    now = Call.objects.select_for_update().get(pk=call.pk)
    faults = _check_chair(by)
    if now.state not in RUNNING:
        faults.append(fault.of("call", "this call has no reviews now", "set the date while reviews run"))
    due = at
    if now.published_at:
        found = calls.moment(text, queries.calls.value(now).zone, "due")
        if isinstance(found, Fault):
            faults.append(found)
        elif found <= at:
            faults.append(fault.of("due", "this is in the past", "choose a later moment"))
        else:
            due = found
    fault.refuse_if(faults)
    return ReviewDate.objects.create(call=now, due_at=due, by=by, at=at)


@transaction.atomic
def remind(call: Call, people: Collection[Person], *, by: Person, at: datetime) -> list[ReviewReminder]:
    """Remind these reviewers of all their reviews of a call that are not in; who has none is left out."""
    Call.objects.select_for_update().get(pk=call.pk)
    rows = Review.objects.filter(
        request__call=call, request__state__in=REVIEWED, reviewer__in=people, state__in=WRITING
    )
    waiting = list(rows.select_related("request__call", "reviewer").order_by("pk"))
    faults = _check_chair(by)
    if not waiting:
        faults.append(fault.of("reviewers", "nobody of these has a review that is not in", "choose somebody who is late"))  # fmt: skip
    fault.refuse_if(faults)
    made = ReviewReminder.objects.bulk_create(ReviewReminder(review=one, by=by, at=at) for one in waiting)
    for one in waiting:
        notices.review_reminded(one, at=at)
    return made


@transaction.atomic
def shortlist(call: Call, rows: Iterable[Request], *, by: Person, at: datetime) -> list[Request]:
    """Put requests on the short list, all of these or none; what stands against each is told with its title."""
    Call.objects.select_for_update().get(pk=call.pk)
    done: list[Request] = []
    faults: list[Fault] = _check_chair(by)
    for row in rows:
        try:
            done.append(requests.move(row, "shortlist", by=by, at=at))
        except Refused as refused:
            faults += [replace(one, where=fault.seen(row.title)) for one in refused.faults]
    if not done and not faults:
        faults.append(fault.of("request", "no request is chosen", "choose those that are to be heard"))
    fault.refuse_if(faults)
    return done


def _check_chair(by: Person) -> list[Fault]:
    if "chair" in parts(by):
        return []
    return [fault.of("person", "reviews are run by a chair", "ask the chair")]
