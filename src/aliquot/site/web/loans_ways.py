"""How does a page offer acts on an agreement, a loan or a parcel? One small form for each, which acts once.

A page names the acts that its reader may do now; what is refused stands again in its own form, each fault beside its field,
and all that was typed with it. What an act does is decided by the operations alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliquot import fault, mass
from aliquot.fault import Fault, Refused
from aliquot.site import uploads
from aliquot.site.models import Person
from aliquot.site.operations import lending, storage
from aliquot.site.web import acting
from aliquot.site.web import forms as boxes
from aliquot.site.web.acting import Body, Shown

STALE = fault.of("act", "this cannot be done now", "load the page again and see how it stands")
# Stands for what the form says itself, beside its fields.
UNREAD = fault.of("act", "something of the form cannot be read", "look beside each field")
# What faults name that is no field of a form.
PLACES: dict[str, Promise] = {
    "act": gettext_lazy("Act"),
    "agreement": gettext_lazy("Agreement"),
    "loan": gettext_lazy("Loan"),
    "parcel": gettext_lazy("Parcel"),
    "request": gettext_lazy("Request"),
    "person": gettext_lazy("Person"),
    "items": gettext_lazy("Samples"),
    "sample": gettext_lazy("Sample"),
    "samples": gettext_lazy("Samples"),
    "line": gettext_lazy("Line"),
    "reason": gettext_lazy("Reason"),
    "place": gettext_lazy("Place"),
    "key": gettext_lazy("Form"),
    "found": gettext_lazy("Samples"),
    "log": gettext_lazy("Transport log"),
}


class MassField(forms.CharField):
    """A mass as people write it, `12.5 mg`; nanograms once it is read, None where nothing was written."""

    widget = forms.TextInput(
        attrs={"class": "mass-input", "autocomplete": "off", "spellcheck": "false", "placeholder": "12.5 mg"}
    )

    def clean(self, value: object) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        read = mass.read(text)
        if isinstance(read, Fault):
            said = acting.shown([read])[0]
            raise forms.ValidationError(_("%(what)s; %(todo)s") % {"what": said.said, "todo": said.advice})
        return read


class DayField(forms.DateField):
    """A day, as a browser's own field gives it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **told: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **told)


class LongField(forms.CharField):
    """A text of a few lines."""

    def __init__(self, *, rows: int = 3, most: int = 4000, **told: Any) -> None:
        super().__init__(max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **told)


class WayForm(forms.Form):
    """What is told of one act; `about` is what it is done to, `by` who does it.

    `RENAMED` says which field a fault is meant for that is called otherwise where it is found.
    """

    RENAMED: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *given: Any, about: Any = None, by: Person | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        self.about, self.by = about, by
        self.make()

    def make(self) -> None:
        """Add the fields that depend on what the act is done to."""


class ReasonForm(WayForm):
    """An act that wants its reason told and nothing else."""

    reason = LongField(label=gettext_lazy("Reason"))


@dataclass(frozen=True, slots=True)
class Way:
    """An act that a page offers: its name in the form, what it is called, what is told of it, and what does it."""

    act: str
    title: str | Promise
    button: str | Promise
    form: type[WayForm]
    do: Callable[[HttpRequest, Any, dict[str, Any]], Body]
    lead: str | Promise = ""
    is_grave: bool = False


@dataclass(slots=True)
class Offered:
    """An act with its form as it is shown."""

    way: Way
    form: WayForm
    is_refused: bool = False

    @property
    def has_files(self) -> bool:
        return self.form.is_multipart()


@dataclass(slots=True)
class Ran:
    """What became of asking a page: its forms, what stands against the act, and what the act said where it was done."""

    offered: list[Offered]
    faults: list[Shown] = field(default_factory=list)
    body: Body | None = None
    refused: bool = False

    @property
    def status(self) -> int:
        return 422 if self.refused else 200


def run(request: HttpRequest, ways: Sequence[Way], about: object, *, forbids: bool = True) -> Ran:
    """Show the forms of these acts, and do the one that was sent.

    Sent twice it acts once and leads to the same place, even where what it did keeps it from being offered again. Who is
    offered none may send none, unless the page is theirs in any case (`forbids` is false).
    """
    if request.method != "POST":
        return Ran([_offered(request, way, about) for way in ways])
    sent = next((way for way in ways if way.act == request.POST.get("act")), None)
    offered = [_offered(request, way, about, sent=way is sent) for way in ways]
    one = next((each for each in offered if each.way is sent), None)
    done = acting.attempt(request, lambda: _do(request, one, about, is_forbidden=forbids and not ways))
    if isinstance(done, dict):
        return Ran(offered, body=done)
    return Ran(offered, _stands(one, done), refused=True)


def _do(request: HttpRequest, one: Offered | None, about: object, *, is_forbidden: bool) -> Body:
    if is_forbidden:
        raise PermissionDenied
    if one is None:
        raise Refused([STALE])
    if not one.form.is_valid():
        raise Refused([UNREAD])
    return one.way.do(request, about, one.form.cleaned_data)


def _stands(one: Offered | None, faults: Sequence[Fault]) -> list[Shown]:
    """Return what stands against an act above its form; the rest stands beside the fields."""
    if one is None:
        return shown(faults)
    one.is_refused = True
    return [] if UNREAD in faults else beside(one.form, faults)


def _offered(request: HttpRequest, way: Way, about: object, *, sent: bool = False) -> Offered:
    data, files = (request.POST, request.FILES) if sent else (None, None)
    form = way.form(data, files, about=about, by=request.user, auto_id=f"{way.act.replace(' ', '-')}-%s")
    return Offered(way, form)


def beside(form: forms.Form, faults: Sequence[Fault]) -> list[Shown]:
    """Put faults beside the fields that they name, and return the rest with a name that people read."""
    return boxes.beside(form, named(faults, form))


def named(faults: Sequence[Fault], form: forms.Form) -> list[Shown]:
    """Return the faults in words; `lender.person` and `items[0].mass` are the fields `lender_person` and `mass_0`."""
    return [_named(one, said, form) for one, said in zip(faults, acting.shown(faults), strict=True)]


def _named(one: Fault, said: Shown, form: forms.Form) -> Shown:
    first, _bracket, rest = one.where.partition("[")
    index, _end, last = rest.partition("].")
    found = f"{last}_{index}" if last else one.where.replace(".", "_")
    found = getattr(form, "RENAMED", {}).get(found, found)
    if found in form.fields:
        return replace(said, where=found)
    return replace(said, where=str(PLACES.get(first, one.where)))


def shown(faults: Sequence[Fault]) -> list[Shown]:
    """Return faults for the top of a page, which belong to no field."""
    return named(faults, forms.Form())


def kept(sent: UploadedFile) -> Any:
    """Return what receives a file that was sent, for `with`; raises `Refused` where it cannot be kept."""
    return storage.receive(uploads.chunks(sent), name=sent.name or "", limits=settings.FILES)


def parts(person: Person, *, borrower: bool = False) -> frozenset[str]:
    """Return what somebody is, in the words of the tables of lending."""
    return lending.who(person, borrower=borrower)
