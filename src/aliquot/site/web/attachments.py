"""Photographs and documents on pages: the card that any page includes, the form that attaches, and one of them large.

A page that is about a sample, a handling, a place or an incident puts `card(request, thing)` into its context as
`attachments` and includes `components/attachments.html`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import fault, scale
from aliquot.fault import Refused
from aliquot.scale import Bar
from aliquot.site import permissions, queries, uploads
from aliquot.site.models import Attachment, Place, Sample
from aliquot.site.operations import files, programs, storage
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries.files import Shown, Thing
from aliquot.site.web import acting
from aliquot.site.web.files import sees_of

FILES_MOST = 40
KINDS: dict[str, Promise] = {
    "photograph": gettext_lazy("Photograph"),
    "document": gettext_lazy("Document"),
    "data": gettext_lazy("Data"),
}
# Who may see a thing that files are attached to, and what it is called.
THINGS: dict[str, tuple[Act, Promise]] = {
    "sample": (Act.SEE_PUBLISHED, gettext_lazy("Sample")),
    "handling": (Act.SEE_WORK, gettext_lazy("Handling")),
    "place": (Act.SEE_EXACT_PLACES, gettext_lazy("Place")),
    "incident": (Act.SEE_INCIDENTS, gettext_lazy("Incident")),
}


# -- the card that pages include -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """An attachment as the templates show it: with its page, the text in its place, and its scale bar."""

    shown: Shown
    href: str
    alternative: str
    language: str
    bar: Bar | None

    @property
    def on(self) -> str:
        """What it is attached to, as people call it."""
        return f"{THINGS[self.shown.on][1]} {self.shown.on_name}"

    @property
    def bar_px(self) -> str:
        """The bar's length in pixels of the whole picture, for SVG: always with a point, whatever the language."""
        return f"{float(self.bar.length_px):.3f}" if self.bar else ""


def card(request: HttpRequest, thing: Thing) -> dict[str, object]:
    """Return what `components/attachments.html` shows of the thing to this reader."""
    found = [item(one) for one in queries.files.on(thing, sees_of(request.user))]
    here = [one for one in found if not (one.shown.kept and one.shown.kept.removed_at)]
    on = thing._meta.model_name
    return {
        "photographs": [one for one in here if one.shown.is_photograph],
        "documents": [one for one in here if not one.shown.is_photograph],
        "removed": [one for one in found if one not in here],
        "may_attach": permissions.may(request.user, Act.KEEP_FILES),
        "attach_href": reverse("attach", args=[on, getattr(thing, queries.files.THINGS[on][1])]),
        "back": request.get_full_path(),
        "most_mb": settings.FILES.size_bytes // 2**20,
    }


def item(one: Shown) -> Item:
    """Return an attachment with all that a template needs to show it in the reader's language."""
    language = get_language() or "en"
    said = one.alternative.text(language) or one.alternative.zh
    spoken = "zh" if said and said == one.alternative.zh else "en" if said else ""
    has_bar = one.um_per_px and one.width_px
    bar = scale.bar(um_per_px=one.um_per_px, width_px=one.width_px) if has_bar else None
    return Item(one, href_of(one), said, spoken, bar)


def href_of(one: Shown) -> str:
    return reverse("photograph" if one.is_photograph else "document", args=[one.key])


# -- attaching -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tried:
    """A file that was sent: kept, with its page, or refused, with every fault."""

    name: str
    href: str = ""
    faults: tuple[acting.Shown, ...] = ()


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_FILES)
def attach(request: HttpRequest, on: str, which: str) -> HttpResponse:
    """Attach files to a thing, each by itself: what is wrong with one keeps no other out."""
    thing = _thing(request, on, which)
    tried = _try_all(request, thing) if request.method == "POST" else []
    faults = [each for one in tried for each in one.faults]
    if request.headers.get("Accept") == "application/json":
        return _as_json(tried[0] if tried else _nothing())
    back = _back(request)
    if tried and not faults:
        return redirect(back or _page_of(on, thing))
    context = {
        "attachments": card(request, thing) | {"back": back},
        "eyebrow": _name(on, thing),
        "crumbs": [*_crumbs(on, thing), {"label": _("Photographs and documents")}],
        "kept": [one for one in tried if not one.faults],
        "faults": faults,
    }
    return render(request, "attachments/attach.html", context, status=422 if faults else 200)


def _try_all(request: HttpRequest, thing: Thing) -> list[Tried]:
    """Attach the files that were sent, each by itself."""
    sent = request.FILES.getlist("files")
    if not sent:
        return [_nothing()]
    beyond = fault.of("files", "{count} files were not looked at: more than {most} came at once", "send those again",
                      count=len(sent) - FILES_MOST, most=FILES_MOST)  # fmt: skip
    too_many = [Tried("", faults=tuple(acting.shown([beyond])))] if len(sent) > FILES_MOST else []
    return [_try(request, file, thing) for file in sent[:FILES_MOST]] + too_many


def _try(request: HttpRequest, file: UploadedFile, thing: Thing) -> Tried:
    """Attach one file, once for this form."""
    try:
        with storage.receive(uploads.chunks(file), name=file.name or "", limits=settings.FILES) as arrived:
            now = timezone.now()

            def act() -> Body:
                made = files.attach(arrived, thing, by=request.user.key, at=now)
                return {"key": made.key, "kind": made.kind, "name": made.name}

            key = request.POST.get(acting.KEY, "")
            asked = [arrived.sha256, arrived.name, request.path]
            body = programs.once(
                request.user, key and f"{key[:40]}:{arrived.sha256[:32]}", asked, act, at=now
            )
    except Refused as refused:
        return Tried(file.name or "", faults=tuple(acting.shown(refused.faults)))
    route = "photograph" if body["kind"] == "photograph" else "document"
    return Tried(str(body["name"]), reverse(route, args=[body["key"]]))


def _nothing() -> Tried:
    return Tried(
        "", faults=tuple(acting.shown([fault.of("files", "no file was chosen", "choose one or more")]))
    )


def _as_json(one: Tried) -> JsonResponse:
    """Answer the script that sends each file by itself."""
    if one.faults:
        return JsonResponse({"name": one.name, "said": " ".join(map(_line, one.faults))}, status=422)
    return JsonResponse({"name": one.name, "href": one.href, "said": _("attached")}, status=201)


def _line(one: acting.Shown) -> str:
    """Return what is wrong and what to do about it on a line, where its place is plain from what it stands beside."""
    return _("%(what)s; %(todo)s") % {"what": one.said, "todo": one.advice}


def _thing(request: HttpRequest, on: str, which: str) -> Thing:
    """Return the thing that an address names; 404 where there is none, or none that the reader may see."""
    found = queries.files.thing(on, which)
    if found is None or not permissions.may(request.user, THINGS[on][0]):
        raise Http404
    return found


def _called(on: str, thing: Thing) -> str:
    """Return by what people call the thing, and its page: number, code, key."""
    return thing.code if isinstance(thing, Place) else str(getattr(thing, queries.files.THINGS[on][1]))


def _name(on: str, thing: Thing) -> str:
    return f"{THINGS[on][1]} {_called(on, thing)}"


def _page_of(on: str, thing: Thing) -> str:
    """Return the address of the page that is about the thing; each is named for what it is about."""
    return reverse(on, args=[_called(on, thing)])


def _crumbs(on: str, thing: Thing) -> list[dict[str, str]]:
    above = (_("Catalogue"), "catalogue") if on == "sample" else (_("Desk"), "desk")
    name = thing.number if isinstance(thing, Sample) else _name(on, thing)
    return [{"label": above[0], "href": reverse(above[1])}, {"label": name, "href": _page_of(on, thing)}]


def _back(request: HttpRequest) -> str:
    """Return the page of this site from which the form was sent; nothing where it names none."""
    back = request.POST.get("back", "")
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if ours else ""


# -- all of them ---------------------------------------------------------------------------------------------

WHICH: dict[str, Promise] = {
    "all": gettext_lazy("All"),
    "undescribed": gettext_lazy("Not described yet"),
    "published": gettext_lazy("Published"),
}


@require_safe
@permissions.require(Act.SEE_FILES)
def photographs(request: HttpRequest) -> HttpResponse:
    """Show what was attached to anything, newest first."""
    which, said = request.GET.get("show", "all"), request.GET.get("page", "1")
    page = int(said) if said.isascii() and said.isdigit() and 0 < int(said[:9]) < 100_000 else 1
    which = which if which in WHICH else "all"
    found, has_more = queries.files.newest(sees_of(request.user), which=which, page=page)
    items = [item(one) for one in found]
    context = {
        "photographs": [one for one in items if one.shown.is_photograph],
        "documents": [one for one in items if not one.shown.is_photograph],
        "choices": [
            {"label": label, "href": f"?show={key}", "chosen": key == which} for key, label in WHICH.items()
        ],
        "summary": _("Page %(page)s") % {"page": page},
        "previous_href": f"?show={which}&page={page - 1}" if page > 1 else "",
        "next_href": f"?show={which}&page={page + 1}" if has_more else "",
        "crumbs": [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("Photographs and documents")}],
    }
    return render(request, "attachments/photographs.html", context)


# -- one of them ---------------------------------------------------------------------------------------------


class DescribeForm(forms.Form):
    """What is said of a file. Shape alone; sense is the operation's."""

    alternative_en = forms.CharField(
        label=gettext_lazy("What it shows, in English"), required=False, max_length=files.TEXT_MOST,
        help_text=gettext_lazy("For whoever does not see it: what is there, and what matters about it."),
    )  # fmt: skip
    alternative_zh = forms.CharField(
        label=gettext_lazy("What it shows, in Chinese"), required=False, max_length=files.TEXT_MOST
    )
    um_per_px = forms.DecimalField(
        label=gettext_lazy("Micrometres per pixel"), required=False, max_digits=14, decimal_places=6,
        help_text=gettext_lazy("Of the original file, not of the smaller picture on this page."),
    )  # fmt: skip
    taken_at = forms.DateTimeField(
        label=gettext_lazy("Taken at (UTC)"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    instrument = forms.ChoiceField(label=gettext_lazy("Instrument"), required=False)
    credit = forms.CharField(label=gettext_lazy("Credit"), required=False, max_length=files.CREDIT_MOST)

    def __init__(self, one: Shown, *args: object, **kwargs: object) -> None:
        super().__init__(*args, initial=_initial(one), **kwargs)
        language = get_language() or "en"
        known = [(key, words.text(language)) for key, words in queries.files.instruments(one.instrument_key)]
        self.fields["instrument"].choices = [("", _("not stated")), *known]
        if not one.is_photograph:
            del self.fields["um_per_px"]


def _initial(one: Shown) -> dict[str, object]:
    return {
        "alternative_en": one.alternative.en,
        "alternative_zh": one.alternative.zh,
        "um_per_px": one.um_per_px and one.um_per_px.normalize(),
        "taken_at": one.taken_at,
        "instrument": one.instrument_key,
        "credit": one.credit,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def attachment(request: HttpRequest, key: str) -> HttpResponse:
    """Show a photograph large or what is known of a document, and take what is done about it."""
    one = queries.files.one(key, sees_of(request.user))
    if one is None or href_of(one) != request.path_info:
        raise Http404
    may_keep = permissions.may(request.user, Act.KEEP_FILES)
    form, faults = DescribeForm(one), []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.KEEP_FILES)
        if request.POST.get("act") == "describe":
            form = DescribeForm(one, request.POST)
        done = acting.once(request, _act(request, one, form)) if not form.errors else []
        if isinstance(done, dict):
            return redirect(href_of(one))
        faults = done
    context = _context(request, one) | {"form": form, "faults": _add_to(form, faults), "may_keep": may_keep}
    return render(
        request, "attachments/attachment.html", context, status=422 if faults or form.errors else 200
    )


def _act(request: HttpRequest, one: Shown, form: DescribeForm) -> Callable[[], Body]:
    """Return what the form that was sent asks for."""
    now, by = timezone.now(), request.user.key

    def describe() -> Attachment:
        told = form.cleaned_data
        instrument = queries.files.instrument(told.pop("instrument"))
        return files.describe(one.key, **told, instrument=instrument, at=now)

    acts = {
        "describe": describe,
        "publish": lambda: files.publish(one.key),
        "withdraw": lambda: files.withdraw(one.key),
        "remove": lambda: files.remove(one.key, why=request.POST.get("why", ""), by=by, at=now),
    }
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    return lambda: {"key": act().key}


def _add_to(form: DescribeForm, faults: Iterable[acting.Shown]) -> list[acting.Shown]:
    """Put each fault beside its field; return those that have none."""
    rest = []
    for one in faults:
        if form.is_bound and one.where in form.fields:
            form.add_error(one.where, _line(one))
        else:
            rest.append(one)
    return rest


def _context(request: HttpRequest, one: Shown) -> dict[str, object]:
    on, shown = one.on, item(one)
    title = shown.alternative or one.name
    thing = _thing(request, on, one.on_id)
    return {
        "item": shown,
        "one": one,
        "title": title,
        "kind": KINDS[one.kind],
        "instrument": one.instrument.text(get_language() or "en"),
        "on_name": _name(on, thing),
        "on_href": _page_of(on, thing),
        "crumbs": [*_crumbs(on, thing), {"label": one.name}],
    }
