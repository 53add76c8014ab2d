"""What happens next to a request, by whom, and until when? For whoever asked: one sentence, and a moment where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aliquot import calls
from aliquot.policy import Policy
from aliquot.site.models import Request
from aliquot.site.web import call_shown


@dataclass(frozen=True, slots=True)
class Next:
    """A sentence, and the moment that it speaks of; `is_theirs` where it is for the applicant to act."""

    said: str
    when: call_shown.When | None = None
    is_theirs: bool = False


def of(request: Request, said: calls.Call, rules: Policy, *, at: datetime) -> Next:
    """Return what happens next to a request, whose hearings were fetched with it."""
    match request.state:
        case "draft" | "submitted":
            return _before_the_deadline(request, said, at)
        case "in review":
            return Next(_("Reviewers read it and write what they find; then the panel decides."))
        case "on the short list":
            return _heard(request, said)
        case "granted" | "refused":
            return _settled(request, said, rules, at)
    return Next(str(_ENDED.get(request.state, "")))


def _before_the_deadline(request: Request, said: calls.Call, at: datetime) -> Next:
    last = calls.last_moment(said, tried=request.tried_at)
    closes = call_shown.when(said.closes, said.zone, ends=True)
    if request.call.state in ("open", "closed") and said.closes < at <= last:
        late = _("The deadline has passed; what is submitted within the grace is still taken, until:")
        return Next(late, call_shown.when(last, said.zone), is_theirs=request.state == "draft")
    is_open = request.call.state == "open" and at <= said.closes
    if request.state == "draft":
        if is_open:
            return Next(_("Complete and submit it by the deadline:"), closes, is_theirs=True)
        return Next(_("The call is over. The draft is kept, and nobody else sees it."))
    if is_open:
        return Next(_("It is submitted. It can be amended or withdrawn until the deadline:"), closes)
    return Next(_("It is submitted. The facility looks whether it can be admitted to review."))


def _heard(request: Request, said: calls.Call) -> Next:
    hearing = next((one for one in request.hearings.all() if one.round == request.round), None)
    if hearing is None:
        return Next(_("You will be heard by the panel; the time is told to you."))
    return Next(_("You are heard by the panel:"), call_shown.when(hearing.begins, said.zone), is_theirs=True)


def _settled(request: Request, said: calls.Call, rules: Policy, at: datetime) -> Next:
    if rules.appeal_days and request.settled_at:
        until = request.settled_at + timedelta(days=rules.appeal_days)
        if at <= until:
            return Next(_("The decision is made. An appeal is possible until:"), call_shown.when(until, said.zone))  # fmt: skip
    if request.state == "granted":
        days = rules.working_days_to_sign
        signing = ngettext(
            "The loan agreement comes next; it is signed within %(n)d working day.",
            "The loan agreement comes next; it is signed within %(n)d working days.", days,
        ) % {"n": days}  # fmt: skip
        return Next(signing if days else _("The loan agreement comes next."), is_theirs=True)
    if rules.resubmission:
        return Next(_("The decision is made. The same can be asked for in a later call, saying what is new."))
    return Next(_("The decision is made."))


_ENDED = {
    "deferred": gettext_lazy("It is put off; the panel takes it up again. You can withdraw it meanwhile."),
    "under appeal": gettext_lazy("A director looks at the appeal."),
    "upheld": gettext_lazy("The appeal was looked at, and the decision stands."),
    "turned away": gettext_lazy("It is not reviewed. The reasons stand below."),
    "withdrawn": gettext_lazy("It was withdrawn. Nothing further happens."),
    "lapsed": gettext_lazy("It was not submitted in time. The text is kept, and nobody else sees it."),
}
