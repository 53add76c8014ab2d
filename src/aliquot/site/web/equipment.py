"""Tools and instruments: the lists, one of each, and what is done about them: entered, cleaned, calibrated, put away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from aliquot import handling
from aliquot.places import MATERIALS
from aliquot.site import permissions, queries, store_words
from aliquot.site.models import Calibration, Cleaning, Instrument, Tool
from aliquot.site.operations import equipment
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries import equipment as reads
from aliquot.site.web import acting
from aliquot.site.web.forms import UtcField, beside, page_of, paged

SEARCH_MOST = 60
Doing = Callable[[], Body]


class ThingForm(forms.Form):
    """What a tool and an instrument both have."""

    key = forms.CharField(label=_("Number"), help_text=_("As it is engraved on it."))
    name_en = forms.CharField(label=_("Name"), required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), required=False)


class ToolForm(ThingForm):
    material = forms.CharField(
        label=_("Material"), help_text=_("One word: steel, aluminium, PTFE, or another.")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["material"].widget.attrs["list"] = "materials"


class InstrumentForm(ThingForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=store_words.choices("instrument"))
    serial = forms.CharField(label=_("Serial number"), required=False)


class CleanForm(forms.Form):
    """Tools that were cleaned together."""

    batch = forms.CharField(label=_("Batch"), max_length=60)
    tools = forms.CharField(
        label=_("Tools"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Their numbers, parted by spaces or lines."),
    )
    method = forms.CharField(label=_("How"), max_length=200)
    note = forms.CharField(label=_("Note"), required=False)


class CalibrateForm(forms.Form):
    """An instrument was held against a reference."""

    calibration = forms.CharField(label=_("Key of the calibration"))
    done_at = UtcField(label=_("Done at (UTC)"), required=False, help_text=_("Left out, it is now."))
    reference = forms.CharField(label=_("Reference"), required=False)
    sd = forms.CharField(
        label=_("Standard deviation"), required=False, help_text=_("Of a balance: a mass such as 0.02 mg.")
    )
    valid_until = forms.CharField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


# -- the lists -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_WORK)
def tools(request: HttpRequest) -> HttpResponse:
    """Show the tools and their cleanings; enter one, clean a batch."""
    sent = {request.POST.get("act", ""): request.POST}
    bound = {
        "keep": ToolForm(sent.get("keep"), auto_id="keep-%s"),
        "clean": CleanForm(sent.get("clean"), auto_id="clean-%s"),
    }
    by = request.user
    faults = _done(request, bound, {
        "keep": lambda: {"key": equipment.keep_tool(**bound["keep"].cleaned_data).key},
        "clean": lambda: {"key": equipment.clean(**bound["clean"].cleaned_data, by=by, at=timezone.now()).handling.pk},
    })  # fmt: skip
    if faults is None:
        return redirect("tools")
    listed = reads.tools(request.GET.get("q", "").strip()[:SEARCH_MOST], page_of(request))
    context = _context(request, listed, bound, faults, _("Tools"))
    cleanings = reads.cleanings()
    context |= {"cleanings": cleanings, "materials": MATERIALS, "people": _people(cleanings)}
    return render(request, "equipment/tools.html", context, status=_status(faults, bound))


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_WORK)
def instruments(request: HttpRequest) -> HttpResponse:
    """Show the instruments and how they are calibrated; enter one."""
    sent = {request.POST.get("act", ""): request.POST}
    bound = {"keep": InstrumentForm(sent.get("keep"), auto_id="keep-%s")}
    faults = _done(request, bound, {
        "keep": lambda: {"key": equipment.keep_instrument(**bound["keep"].cleaned_data).key},
    })  # fmt: skip
    if faults is None:
        return redirect("instrument", key=bound["keep"].cleaned_data["key"])
    listed = reads.instruments(request.GET.get("q", "").strip()[:SEARCH_MOST], page_of(request))
    context = _context(request, listed, bound, faults, _("Instruments"))
    context |= {"today": timezone.now().date()}
    return render(request, "equipment/instruments.html", context, status=_status(faults, bound))


def _done(
    request: HttpRequest, bound: dict[str, forms.Form], acts: dict[str, Doing]
) -> Sequence[acting.Shown] | None:
    """Do what was sent; return the faults that stand beside no field, or None where it was done."""
    if request.method != "POST":
        return ()
    permissions.refuse_unless(request.user, Act.KEEP_PLACES)
    act = request.POST.get("act", "")
    if act not in acts:
        raise Http404
    form = bound.get(act)
    if form is not None and not form.is_valid():
        return ()
    done = acting.once(request, acts[act])
    if isinstance(done, dict):
        return None
    return beside(form, done) if form is not None else done


def _status(faults: Sequence[acting.Shown], bound: dict[str, forms.Form]) -> int:
    return 422 if faults or any(form.errors for form in bound.values()) else 200


def _context(
    request: HttpRequest,
    listed: reads.Page,
    bound: dict[str, forms.Form],
    faults: object,
    title: str | Promise,
) -> dict[str, object]:
    return {
        "text": request.GET.get("q", "").strip()[:SEARCH_MOST],
        "listed": listed,
        "pages": paged(request, listed),
        "forms": bound,
        "faults": faults,
        "may_keep": permissions.may(request.user, Act.KEEP_PLACES),
        "crumbs": [{"label": _("Desk"), "href": reverse("desk")}, {"label": title}],
    }


# -- one of each -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_WORK)
def tool(request: HttpRequest, key: str) -> HttpResponse:
    """Show a tool, its cleanings and where it was used; correct it, put it away."""
    row = get_object_or_404(Tool, key=key)
    told = {"key": row.key, "name_en": row.name_en, "name_zh": row.name_zh, "material": row.material}
    bound = {"keep": ToolForm(_sent(request, "keep", row), initial=told)}
    faults = _done(request, bound, {
        "keep": lambda: {"key": equipment.keep_tool(**bound["keep"].cleaned_data, new=False).key},
        **_put_away(row),
    })  # fmt: skip
    if faults is None:
        return redirect("tool", key=row.key)
    context = _one(request, row, bound, faults, ("tools", _("Tools")))
    context |= _past(row) | {"materials": MATERIALS}
    return render(request, "equipment/tool.html", context, status=_status(faults, bound))


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_WORK)
def instrument(request: HttpRequest, key: str) -> HttpResponse:
    """Show an instrument and its calibrations; correct it, calibrate it, put it away."""
    row = get_object_or_404(Instrument, key=key)
    told = {name: getattr(row, name) for name in ("key", "kind", "name_en", "name_zh", "serial")}
    bound = {"keep": InstrumentForm(_sent(request, "keep", row), initial=told, auto_id="keep-%s"),
             "calibrate": CalibrateForm(_sent(request, "calibrate", row), auto_id="calibrate-%s")}  # fmt: skip
    faults = _done(request, bound, {
        "keep": lambda: {"key": equipment.keep_instrument(**bound["keep"].cleaned_data, new=False).key},
        "calibrate": lambda: _calibrate(request, row, bound["calibrate"]),
        **_put_away(row),
    })  # fmt: skip
    if faults is None:
        return redirect("instrument", key=row.key)
    context = _one(request, row, bound, faults, ("instruments", _("Instruments")))
    calibrations = tuple(row.calibrations.order_by("-at", "-pk")[: reads.PAGE])
    context |= {"calibrations": calibrations, "people": _people(calibrations), "today": timezone.now().date()}
    return render(request, "equipment/instrument.html", context, status=_status(faults, bound))


def _past(row: Tool) -> dict[str, object]:
    """Return a tool's newest cleanings and uses, each act in the reader's language."""
    cleanings = tuple(row.cleanings.order_by("-at", "-pk")[: reads.CLEANINGS_MOST])
    uses = row.uses.select_related("handling", "cleaning").order_by("-handling__at")[: reads.CLEANINGS_MOST]
    labels = {kind: act.label for kind, act in handling.KINDS.items()}
    return {
        "cleanings": cleanings,
        "people": _people(cleanings),
        "uses": [(gettext(labels.get(one.handling.kind, one.handling.kind)), one) for one in uses],
    }


def _people(rows: Iterable[Cleaning | Calibration]) -> dict[str, str]:
    return queries.histories.people(row.by for row in rows)


def _sent(request: HttpRequest, act: str, row: Tool | Instrument) -> dict[str, object] | None:
    """Return what was sent with this form; the number of a thing is not changed by it."""
    if request.POST.get("act") != act:
        return None
    return request.POST.dict() | {"key": row.key}


def _calibrate(request: HttpRequest, row: Instrument, form: CalibrateForm) -> Body:
    told = dict(form.cleaned_data)
    key = told.pop("calibration")
    made = equipment.calibrate(row, key, **told, by=request.user.key, at=timezone.now())
    return {"key": made.key}


def _put_away(row: Tool | Instrument) -> dict[str, Doing]:
    def retire() -> Body:
        equipment.retire(row, at=timezone.now())
        return {"key": row.key}

    def use_again() -> Body:
        equipment.use_again(row)
        return {"key": row.key}

    return {"retire": retire, "use": use_again}


def _one(
    request: HttpRequest, row: Tool | Instrument, bound: dict[str, forms.Form], faults: object,
    above: tuple[str, str | Promise],
) -> dict[str, object]:  # fmt: skip
    return {
        "row": row,
        "forms": bound,
        "faults": faults,
        "may_keep": permissions.may(request.user, Act.KEEP_PLACES),
        "crumbs": [
            {"label": _("Desk"), "href": reverse("desk")},
            {"label": above[1], "href": reverse(above[0])},
            {"label": row.key},
        ],
    }
