"""Reading requests: who sees which, what one says, and what is known of whoever leads it.

An applicant never sees another's request, and nobody but its authors a draft. A reviewer sees what was assigned, without
names where the policy hides them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from aliquot import fault, identifiers, request_drafts, requests
from aliquot.policy import Policy
from aliquot.request_limits import Earlier, Standing
from aliquot.requests import Line
from aliquot.site.models import Call, Person, Receipt, Request, RequestFile, RequestVersion
from aliquot.site.queries import calls, loans, result_duties

LIVE: Final = ("assigned", "accepted", "handed in")
REVIEWED: Final = ("in review", "on the short list")
ENDED: Final = ("granted", "refused", "deferred", "upheld")
_NAMING: Final = ("lead", "team", "funders", "facilities", "security", "earlier_loans")


def mine(person: Person) -> QuerySet[Request]:
    """Return the requests that somebody leads or writes with others, drafts too."""
    return Request.objects.filter(Q(lead=person) | Q(members__person=person)).distinct()


def submitted() -> QuerySet[Request]:
    """Return every request that was ever submitted: for those who see the whole field."""
    return Request.objects.filter(submitted_at__isnull=False)


def assigned(person: Person) -> QuerySet[Request]:
    """Return the requests that somebody reviews now."""
    return submitted().filter(reviews__reviewer=person, reviews__state__in=LIVE).distinct()


def visible(person: Person, *, whole_field: bool) -> QuerySet[Request]:
    """Return all that somebody may open; `whole_field` where they may see every request that was submitted."""
    own = Q(lead=person) | Q(members__person=person)
    others = Q(submitted_at__isnull=False)
    if not whole_field:
        others &= Q(reviews__reviewer=person, reviews__state__in=LIVE)
    return Request.objects.filter(own | others).distinct()


def one(key: str, person: Person, *, whole_field: bool) -> Request | None:
    """Return a request by its key, to those who may open it; to others it is not there."""
    return visible(person, whole_field=whole_field).select_related("call", "lead").filter(key=key).first()


def readable(key: str, person: Person, *, whole_field: bool) -> Request | None:
    """Return a request to its authors and, once it was submitted, to those who see the whole field; never to reviewers."""
    own = Q(lead=person) | Q(members__person=person)
    seen = own | Q(submitted_at__isnull=False) if whole_field else own
    rows = Request.objects.filter(seen, key=key).distinct().select_related("call", "lead")
    return rows.first()


def mine_with_calls(person: Person) -> QuerySet[Request]:
    """Return somebody's requests, the newest first, each with its call, receipts and hearings: four queries."""
    return mine(person).select_related("call", "lead").prefetch_related("receipts", "hearings").order_by("-made_at", "-pk")  # fmt: skip


def files(request: Request) -> QuerySet[RequestFile]:
    """Return the files that are on a request now."""
    return request.files.filter(removed_at=None).select_related("file", "by")


def submitted_files(request: Request) -> tuple[RequestFile, ...]:
    """Return the files that the newest receipt names: what others than the authors see."""
    held = receipt(request)
    rows = held.files.select_related("file__file", "file__by") if held else ()
    return tuple(one.file for one in rows)


def is_author(request: Request, person: Person) -> bool:
    """Whether somebody leads a request or writes it with others."""
    return request.lead_id == person.pk or request.members.filter(person=person).exists()


def newest(request: Request) -> RequestVersion | None:
    """Return the version that a draft goes on from; what was kept aside is not it."""
    return request.versions.filter(aside=False).order_by("-order").first()


def receipt(request: Request) -> Receipt | None:
    """Return the newest receipt of a request."""
    return request.receipts.select_related("version").order_by("-pk").first()


def told(request: Request) -> Mapping[str, object]:
    """Return the text that counts: what was submitted last, or the draft."""
    held = receipt(request)
    version = held.version if held else newest(request)
    return version.told if version else {}


def value(request: Request) -> requests.Request:
    """Return what a submitted request says."""
    held = receipt(request) or fault.bug(f"request {request.key} was never submitted")
    return understood(held, call=request.call, rules=calls.rules(request.call))


def understood(held: Receipt, *, call: Call, rules: Policy) -> requests.Request:
    """Return what was submitted, read under the call as it was then: it had no faults."""
    found = request_drafts.read(held.version.told, call=calls.value_then(call, held.call_sha256), rules=rules)
    if not isinstance(found, requests.Request):
        fault.bug(f"receipt {held.pk} was given with faults: {found}")
    return found


def lines(request: Request) -> tuple[Line, ...]:
    """Return what a submitted request asks for."""
    return value(request).lines


def as_reviewed(request: Request) -> dict[str, object]:
    """Return a request as its reviewers see it: where the policy hides who asks, without what tells it."""
    said = dict(told(request))
    if not calls.rules(request.call).applicants_named:
        for name in _NAMING:
            said.pop(name, None)
    return said


def institutions(request: Request) -> frozenset[str]:
    """Return the ROR IDs of all who take part in a submitted request."""
    return value(request).institutions


def standing(request: Request, ror: str, *, on: date) -> Standing:
    """Return what is known on that day of whoever leads a request: their requests here, what they hold, owe and published."""
    others = (
        submitted()
        .filter(call=request.call)
        .exclude(pk=request.pk)
        .exclude(state__in=("withdrawn", "turned away"))
    )
    # Written as an address or not, a ROR ID has these nine characters in it.
    like = others.filter(receipts__version__told__lead__ror__icontains=ror).distinct() if ror else ()
    same = [row for row in (like.prefetch_related("receipts__version") if ror else ()) if _ror(row) == ror]
    before = submitted().filter(lead=request.lead, state__in=ENDED).exclude(call=request.call)
    earlier = [
        Earlier(row.call.title, str(line.get("sample", "")), "granted" if row.state == "granted" else
                "deferred" if row.state == "deferred" else "refused")
        for row in before.select_related("call").prefetch_related("receipts__version")
        for line in _last(row).get("lines", [])
    ]  # fmt: skip
    return replace(loans.standing(request.lead, on=on), last_paper=result_duties.last_paper(request.lead, on=on), led=others.filter(lead=request.lead_id).count(),
                   of_institution=len(same), earlier=tuple(earlier))  # fmt: skip


def last_receipt(request: Request) -> Receipt | None:
    """Return the newest receipt of a request whose receipts and versions were fetched with it."""
    held = list(request.receipts.all())
    return held[-1] if held else None


def _last(request: Request) -> dict[str, list[dict[str, object]]]:
    held = last_receipt(request)
    return held.version.told if held else {}


def _ror(request: Request) -> str:
    lead = _last(request).get("lead")
    found = identifiers.ror(str(lead.get("ror", ""))) if isinstance(lead, dict) else ""
    return found if isinstance(found, str) else ""
