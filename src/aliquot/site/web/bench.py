"""The bench: which acts there are, one form for each, made from the table of acts, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aliquot import handling, policy
from aliquot.fault import Fault
from aliquot.handling import Act as Kind
from aliquot.handling import planning
from aliquot.site import permissions, queries, words
from aliquot.site.models import Handling, Person
from aliquot.site.operations import approvals
from aliquot.site.operations import handling as operations
from aliquot.site.permissions import Act
from aliquot.site.queries.handling import POLICY
from aliquot.site.web import acting, attachments, labels, told
from aliquot.site.web.samples import entry_number


@require_safe
@permissions.require(Act.SEE_WORK)
def bench(request: HttpRequest) -> HttpResponse:
    """Show all acts, what waits for approval, and what was done last."""
    done, older = queries.bench.recent(before=entry_number(request.GET.get("before", "")))
    groups = [
        {
            "title": _(group.label),
            "acts": [
                {"label": _(act.label), "purpose": _(act.purpose), "href": reverse("act", args=[act.kind])}
                for act in handling.KINDS.values()
                if act.group == group.word
            ],
        }
        for group in handling.GROUPS
    ]
    context = {
        "groups": groups,
        "may_act": permissions.may(request.user, Act.APPEND_ENTRIES),
        "done": [{"row": row, "what": label_of(row.kind)} for row in done],
        "older": older,
        "waiting": queries.approvals.waiting_for(request.user),
        "crumbs": _crumbs(),
    }
    return render(request, "bench/bench.html", context)


def label_of(kind: str) -> str:
    """Return what an act is called in the reader's language."""
    act = handling.KINDS.get(kind)
    return _(act.label) if act else kind


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("Desk"), "href": reverse("desk")},
        {"label": _("Bench"), "href": reverse("bench")},
        *more,
    ]


def _kind(kind: str) -> Kind:
    if kind not in handling.KINDS:
        raise Http404
    return handling.KINDS[kind]


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.APPEND_ENTRIES)
def act(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the form of an act; record it, propose it, or show it again with every fault in its place."""
    found = _kind(kind)
    if request.method != "POST":
        return _show(request, found, told.told_of(found, request.GET))
    said = told.told_of(found, request.POST)
    if "more" in request.POST:
        return _show(request, found, said, more=told.ROWS_MORE)
    if "check" in request.POST:
        faults = operations.faults_of(kind, said, by=request.user, at=timezone.now())
        return _show(request, found, said, tuple(faults), checked=True)
    propose = "propose" in request.POST
    done = acting.attempt(
        request, lambda: _propose(request, kind, said) if propose else _record(request, kind, said)
    )
    if isinstance(done, dict):
        return redirect(str(done["to"]))
    return _show(request, found, said, done)


def _record(request: HttpRequest, kind: str, said: Mapping[str, object]) -> dict[str, object]:
    done = operations.record(kind, said, by=request.user, at=timezone.now())
    return {"to": reverse("handling", args=[done.handling.pk])}


def _propose(request: HttpRequest, kind: str, said: Mapping[str, object]) -> dict[str, object]:
    made = approvals.propose(kind, said, by=request.user, at=timezone.now())
    return {"to": reverse("proposal", args=[made.pk])}


def _show(
    request: HttpRequest,
    found: Kind,
    said: Mapping[str, object],
    faults: tuple[Fault, ...] = (),
    *,
    more: int = 0,
    checked: bool = False,
) -> HttpResponse:
    form = told.form(found, said, lists_for(request.user), faults, more=more)
    context = {
        "form": form,
        "act": found,
        "label": _(found.label),
        "purpose": _(found.purpose),
        "closing": closing_of(request, found, said),
        "closes": found.group == "divide" or found.kind == "section",
        "may_propose": bool(faults) and _touches_sealed(request, found, said),
        "checked": checked and not faults,
        "lists": suggestions(form),
        "crumbs": _crumbs({"label": _(found.label)}),
    }
    return render(request, "bench/act.html", context, status=422 if faults else 200)


def lists_for(person: Person) -> told.Lists:
    """Return what the fields of an act may name; classes of use and materials by the facility's own words.

    A second person is somebody else.
    """
    classes = [(one.key, str(words.said("use_class", one.key))) for one in policy.load(POLICY).uses]
    materials = [(word, str(said)) for word, said in words.MATERIALS.items()]
    found = queries.bench.lists(get_language() or "en")
    others = [one for one in found["person"] if one[0] != person.key]
    return found | {"use_class": classes, "material": materials, "person": others}


def _touches_sealed(request: HttpRequest, found: Kind, said: Mapping[str, object]) -> bool:
    """Whether the act would touch a sealed sample, so that it can be proposed instead of recorded."""
    values, _faults = handling.gather(found.kind, dict(said))
    known = queries.handling.known(values, by=request.user.key, at=timezone.now())
    named = {one.name for one in planning.existing(values)}
    return named <= known.pieces.keys() and any(planning.sealed(values, known)) and found.touches


def suggestions(form: told.Form) -> list[told.Box]:
    """Return one box for each list of suggestions that the form needs."""
    boxes = [*form.boxes, *(cell for box in form.boxes for row in box.rows[:1] for cell in row)]
    return list({box.list_id: box for box in boxes if box.widget == "listed"}.values())


def closing_of(request: HttpRequest, found: Kind, said: Mapping[str, object]) -> handling.Closing | None:
    """Return how far a division adds up by what was typed so far."""
    if found.group != "divide" and found.kind != "section":
        return None
    values, _faults = handling.gather(found.kind, dict(said))
    if not values.text("parent"):
        return None
    return handling.sums(values, queries.handling.known(values, by=request.user.key, at=timezone.now()))


@require_POST
@permissions.require(Act.APPEND_ENTRIES)
def closing(request: HttpRequest, kind: str) -> HttpResponse:
    """Show how far a division adds up while it is being typed; writes nothing."""
    found = _kind(kind)
    said = told.told_of(found, request.POST)
    return render(
        request, "bench/_closing.html", {"closing": closing_of(request, found, said), "closes": True}
    )


@require_safe
@permissions.require(Act.SEE_WORK)
def one_handling(request: HttpRequest, number: int) -> HttpResponse:
    """Show one handling: all that was told of it, what it did, and where it stands in the ledger."""
    row = queries.handling.one(number)
    if row is None:
        raise Http404
    people = queries.histories.people((row.by, row.second))
    kind = handling.KINDS.get(row.kind)
    fields, tables = told.read_back(kind, row.told, {"person": list(people.items())}) if kind else ((), ())
    context = {
        "row": row,
        "what": label_of(row.kind),
        "by": people.get(row.by, ""),
        "second": people.get(row.second, ""),
        "told": fields,
        "tables": tables,
        "labels": _labels_of(row),
        "weighings": [(one, one.mass_ng - one.book_ng) for one in row.weighings.all()],
        "may_act": permissions.may(request.user, Act.APPEND_ENTRIES),
        "attachments": attachments.card(request, row),
        "crumbs": _crumbs({"label": f"{label_of(row.kind)} {row.pk}"}),
    }
    return render(request, "bench/handling.html", context)


def _labels_of(row: Handling) -> str:
    """Return where the labels of what an act made are printed; of what it was done to, where it made nothing."""
    parts = list(row.samples.all())
    numbers = [one.sample.number for one in parts if one.part == "daughter"]
    named = numbers or [one.sample.number for one in parts]
    return f"{reverse('labels')}?{urlencode([('sample', number) for number in named[: labels.MOST]])}"
