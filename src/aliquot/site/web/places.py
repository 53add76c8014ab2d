"""The store: the tree of places, one place with what is in it now or was on a past day, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from aliquot import places as rules
from aliquot.places import Kind
from aliquot.site import permissions, queries, store_words
from aliquot.site.models import Place
from aliquot.site.operations import places
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries import places as reads
from aliquot.site.web import acting, airing, attachments, scanned
from aliquot.site.web.forms import beside, href_of, page_of, paged
from aliquot.site.web.histories import day_of

SEARCH_MOST = 60


class PlaceForm(forms.Form):
    """What is told of a place."""

    code = forms.CharField(label=_("Code"), max_length=40_000, help_text=_("What stands on the label."))
    kind = forms.ChoiceField(label=_("Kind"), choices=store_words.choices("kind"))
    name_en = forms.CharField(label=_("Name"), required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), required=False)
    container_type = forms.ChoiceField(
        label=_("Type of container"), required=False, choices=store_words.choices("container_type", none="–")
    )
    atmosphere = forms.ChoiceField(
        label=_("Atmosphere"),
        required=False,
        choices=store_words.choices("atmosphere", none="–"),
        help_text=_("Left out, it is that of the place around it."),
    )
    allowed_materials = forms.CharField(
        label=_("Materials that may touch what is kept here"),
        required=False,
        help_text=_("Such as steel aluminium PTFE, parted by spaces. Left out, the rule around it holds."),
    )
    country = forms.CharField(
        label=_("Country"), required=False, help_text=_("Two capitals such as CN; of a site alone.")
    )

    def told(self) -> places.Told:
        """Return what was typed, as the operation takes it."""
        return places.read(self.cleaned_data)


class MakeForm(PlaceForm):
    """Make one place, or several that are alike; or set up what the ledger calls a place already."""

    holder = forms.ChoiceField(
        label=_("Is in the ledger as"),
        required=False,
        help_text=_("Only for what the ledger calls a place already, and nobody has set up."),
    )

    def __init__(self, *args: object, inside: Place | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _(
            "What stands on the label. Several, parted by spaces, are made alike."
        )
        words = store_words.ALL["kind"]
        kinds = [kind.value for kind in Kind if _fits(kind, inside)]
        self.fields["kind"].choices = [(kind, words[kind]) for kind in kinds]
        if inside:
            del self.fields["country"]
        if Kind.CONTAINER not in kinds:
            del self.fields["container_type"]
        waiting = reads.no_place_yet()
        self.fields["holder"].choices = [("", "–"), *((one.key, _called(one)) for one in waiting)]
        if not waiting:
            del self.fields["holder"]


def _called(holder: object) -> str:
    return " ".join(filter(None, (holder.key, holder.name_en or holder.name_zh, holder.detail)))


def _fits(kind: Kind, inside: Place | None) -> bool:
    return inside.kind in rules.larger(kind) if inside else kind is Kind.SITE


class MoveForm(forms.Form):
    """Into which place, and why."""

    parent = forms.CharField(label=_("Into"), help_text=_("The code of the place, typed or scanned."))
    source = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), required=False)


class CorrectForm(PlaceForm):
    reason = forms.CharField(label=_("Reason"), required=False)

    def __init__(self, *args: object, place: Place, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if place.parent_id:
            del self.fields["country"]


# -- the tree --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_EXACT_PLACES)
def places_list(request: HttpRequest) -> HttpResponse:
    """Show the store as a tree, or the places that a text finds; set up a site."""
    form, faults = MakeForm(request.POST or None, inside=None), []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.KEEP_PLACES)
        done = acting.once(request, lambda: _make(request, form, into="")) if form.is_valid() else []
        if isinstance(done, dict):
            return redirect("place", code=done["code"])
        faults = beside(form, done)
    text = scanned.name_of(request.GET.get("q", "").replace("\0", ""))[:SEARCH_MOST]
    found = reads.search(text, page_of(request)) if text else None
    context = {
        "text": text,
        "found": found,
        **(paged(request, found) if found else {}),
        "tree": () if found else reads.tree(),
        "waiting": reads.no_place_yet(),
        "make": form,
        "faults": faults,
        "may_keep": permissions.may(request.user, Act.KEEP_PLACES),
        "crumbs": [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("Places")}],
    }
    return render(request, "places/list.html", context, status=422 if faults or form.errors else 200)


def _make(request: HttpRequest, form: MakeForm, *, into: str) -> Body:
    told = form.cleaned_data
    codes = told["code"].split()
    made = places.make(
        codes, form.told(), into=into, holder=told.get("holder", ""), by=request.user.key, at=timezone.now()
    )
    return {"code": made[0].code if len(made) == 1 else into or made[0].code}


# -- one place -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_EXACT_PLACES)
def place_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a place, and take what is done about it."""
    row = reads.by_code(code)
    if row is None:
        raise Http404
    bound = _forms(request, row)
    faults: list[acting.Shown] = []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.KEEP_PLACES)
        form, act = _act(request, row, bound)
        done = acting.once(request, act) if form.is_valid() else []
        if isinstance(done, dict):
            return redirect("place", code=done["code"])
        faults = beside(form, done)
    context = _context(request, row) | {"forms": bound, "faults": faults}
    wrong = faults or any(form.errors for form in bound.values())
    return render(request, "places/place.html", context, status=422 if wrong else 200)


def _forms(request: HttpRequest, row: Place) -> dict[str, forms.Form]:
    """Return the forms of the page; that which was sent has what was typed."""
    sent = {request.POST.get("act", ""): request.POST} if request.method == "POST" else {}
    here = row.parent.code if row.parent else ""
    told = {name: getattr(places.told_of(row), name) for name in places.Told.__slots__} | {"code": row.code}
    return {
        "make": MakeForm(sent.get("make"), inside=row, auto_id="make-%s"),
        "move": MoveForm(sent.get("move"), initial={"source": here}, auto_id="move-%s"),
        "correct": CorrectForm(sent.get("correct"), place=row, initial=told, auto_id="correct-%s"),
        "close": ReasonForm(sent.get("close"), auto_id="close-%s"),
        "open": ReasonForm(sent.get("open"), auto_id="open-%s"),
    }


def _act(
    request: HttpRequest, row: Place, bound: dict[str, forms.Form]
) -> tuple[forms.Form, Callable[[], Body]]:
    """Return the form that was sent, and what it asks for."""
    form = bound.get(request.POST.get("act", ""))
    if form is None:
        raise Http404
    stamp = {"by": request.user.key, "at": timezone.now()}
    acts = {
        "make": lambda: _make(request, form, into=row.code),
        "move": lambda: {"code": _moved(row, form.cleaned_data, stamp).code},
        "correct": lambda: {"code": _corrected(row, form, stamp).code},
        "close": lambda: {"code": places.close(row.code, **form.cleaned_data, **stamp).code},
        "open": lambda: {"code": places.open_again(row.code, **form.cleaned_data, **stamp).code},
    }
    return form, acts[request.POST["act"]]


def _moved(row: Place, told: dict[str, str], stamp: dict[str, object]) -> Place:
    return places.move(
        row.code, into=scanned.name_of(told["parent"]), source=told["source"], reason=told["reason"], **stamp
    )


def _corrected(row: Place, form: CorrectForm, stamp: dict[str, object]) -> Place:
    told = form.cleaned_data
    return places.correct(
        row.code, form.told(), new_code=told["code"].strip(), reason=told["reason"], **stamp
    )


def _context(request: HttpRequest, row: Place) -> dict[str, object]:
    chain = reads.chain(row.pk)
    on = day_of(request.GET.get("on", ""))
    samples_total, mass_ng = reads.totals([row.pk]).get(row.pk, (0, 0))
    return {
        "place": row,
        "chain": chain,
        "crumbs": _crumbs(chain),
        "atmosphere": rules.atmosphere(reads.values(chain)),
        "materials": sorted(rules.materials(reads.values(chain))),
        "samples_total": samples_total,
        "mass_ng": mass_ng,
        "on": on,
        "asked_on": request.GET.get("on", ""),
        "then": tuple(reversed(reads.path_on(row, on))) if on else (),
        **_contents(request, row, on),
        **_history(request, row),
        "air": airing.pictures(chain),
        "attachments": attachments.card(request, row),
        "may_keep": permissions.may(request.user, Act.KEEP_PLACES),
        "may_move": permissions.may(request.user, Act.APPEND_ENTRIES),
    }


def _history(request: HttpRequest, row: Place) -> dict[str, object]:
    """Return what happened to a place, and by whom."""
    history = reads.history(row, page_of(request, "moves"))
    return {
        "history": history,
        "people": queries.histories.people(one.by for one in history.rows),
        "newer_href": href_of(request, moves=history.previous) + "#moves" if history.previous else "",
        "older_href": href_of(request, moves=history.next) + "#moves" if history.next else "",
    }


def _contents(request: HttpRequest, row: Place, on: date | None) -> dict[str, object]:
    """Return what lies and stands in a place, now or when a day was over."""
    page, below = page_of(request), page_of(request, "below")
    lying = reads.lay(row, on, page) if on else reads.lying(row, page)
    inside = reads.stood(row, on, below) if on else reads.inside(row, below)
    return {
        "lying": lying,
        "lying_pages": paged(request, lying),
        "inside": inside,
        "inside_pages": paged(request, inside, "below"),
    }


def _crumbs(chain: Sequence[Place]) -> list[dict[str, object]]:
    above = [{"label": one.code, "href": reverse("place", args=[one.code])} for one in reversed(chain[1:])]
    return [
        {"label": _("Desk"), "href": reverse("desk")},
        {"label": _("Places"), "href": reverse("places")},
        *above,
        {"label": chain[0].code},
    ]
