"""Labels: which samples and places, on which size, as a PDF with a QR code that leads to the page of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aliquot import fault, register
from aliquot.fault import Fault, Refused
from aliquot.site import documents, permissions, queries, store_words, words
from aliquot.site.drawings import qr
from aliquot.site.permissions import Act
from aliquot.site.queries.labels import Said
from aliquot.site.web import acting, scanned

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Size:
    """A size of label: what it is called, how many are on a page, how much text it takes."""

    key: str
    name: str | Promise
    on_a_page: int = 1
    line_chars: int = 20


SIZES: Final = {
    one.key: one
    for one in (
        Size("20x10", gettext_lazy("20 × 10 mm, for a vial"), line_chars=9),
        Size("38x19", gettext_lazy("38 × 19 mm"), line_chars=12),
        Size("62x29", gettext_lazy("62 × 29 mm"), line_chars=18),
        Size("a4-65", gettext_lazy("A4, 65 to a sheet (38.1 × 21.2 mm)"), 65, 11),
        Size("a4-24", gettext_lazy("A4, 24 to a sheet (70 × 37 mm)"), 24, 18),
    )
}


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one label; words in both languages, because whoever reads it may have either."""

    code: str
    long: str
    picture: SafeString
    mission: tuple[str, ...]
    use: tuple[str, ...]
    sealed: tuple[str, ...]
    names: tuple[str, ...]


@require_safe
@permissions.require(Act.SEE_EXACT_PLACES)
def labels(request: HttpRequest) -> HttpResponse:
    """Show what is to be printed, and choose the size."""
    return _page(request, ())


@require_safe
@permissions.require(Act.SEE_EXACT_PLACES)
def labels_file(request: HttpRequest) -> HttpResponse:
    """Give the labels as a PDF; where something is wrong with what is asked, say it on the page instead."""
    try:
        pdf = _pdf(request)
    except Refused as refused:
        return _page(request, refused.faults, status=422)
    answer = HttpResponse(pdf, content_type=documents.CONTENT_TYPE)
    answer["Content-Disposition"] = 'inline; filename="labels.pdf"'
    return answer


def _page(request: HttpRequest, faults: Iterable[Fault], *, status: int = 200) -> HttpResponse:
    names = _names(request)
    found, unknown = queries.labels.of(names[:MOST])
    lacking = documents.lacking()
    shown = acting.shown(dict.fromkeys((*faults, *lacking)))
    context = {
        "names": "\n".join(names),
        "found": found,
        "unknown": unknown,
        "most": MOST,
        "too_many": len(names) > MOST,
        "sizes": SIZES.values(),
        "size": _size(request).key,
        "skip": _skip(request),
        "can_print": not lacking,
        "faults": shown,
        "crumbs": [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("Labels")}],
    }
    return render(request, "labels/labels.html", context, status=status)


def _names(request: HttpRequest) -> list[str]:
    """Return what is to be labelled, by number or code: typed, scanned, or named in the address."""
    asked = request.GET
    typed = [scanned.name_of(line) for line in asked.get("names", "").splitlines()]
    named = [*typed, *asked.getlist("sample"), *asked.getlist("place")]
    for code in asked.getlist("in")[:5]:
        named += queries.labels.within(code, MOST)
    return [name.replace("\0", "") for name in dict.fromkeys(named) if name.strip()]


def _size(request: HttpRequest) -> Size:
    return SIZES.get(request.GET.get("size", ""), SIZES["38x19"])


def _skip(request: HttpRequest) -> int:
    """Return how many labels of the first sheet are used already."""
    said = request.GET.get("skip", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 3 else 0


# -- on paper --------------------------------------------------------------------------------------------------


def _pdf(request: HttpRequest) -> bytes:
    names, size = _names(request), _size(request)
    found, unknown = queries.labels.of(names[:MOST])
    faults = [fault.of("names", "nothing here is called {name}", "check the number or the code", name=name[:60])
              for name in unknown]  # fmt: skip
    if not names:
        faults.append(fault.of("names", "nothing is to be printed", "name a sample or a place"))
    if len(names) > MOST:
        faults.append(
            fault.of("names", "at most {most} labels are printed at once", "print them in parts", most=MOST)
        )
    if request.GET.get("size", size.key) not in SIZES:
        faults.append(fault.of("size", "there is no such size", "choose one of the list"))
    fault.refuse_if(faults)
    blank = [None] * min(_skip(request), size.on_a_page - 1)
    with translation.override("en"):  # the address that has no language before it leads to each reader's own
        made = [*blank, *(_label(request, one, size) for one in found)]
    return documents.render("labels/paper.html", {"size": size, "pages": _paged(made, size.on_a_page)})


def _paged(made: Sequence[Label | None], on_a_page: int) -> list[Sequence[Label | None]]:
    return [made[first : first + on_a_page] for first in range(0, len(made), on_a_page)]


def address(request: HttpRequest, said: Said) -> str:
    """Return the address of a thing's page, whole, as it stands in its code."""
    return request.build_absolute_uri(reverse(said.kind, args=[said.code]))


def _label(request: HttpRequest, said: Said, size: Size) -> Label:
    lines = -(-len(said.code) // size.line_chars)
    return Label(
        code=said.code,
        long="short" if lines <= 1 else "long" if lines <= 2 else "longer" if lines <= 4 else "longest",
        picture=mark_safe(qr.draw(address(request, said), title=said.code)),  # noqa: S308 - every text is escaped
        mission=_mission(said.mission)
        if said.kind == "sample"
        else _both("kind", said.size, store_words.said),
        use=_both("use_class", said.use_class, words.said) if said.use_class else (),
        sealed=_twice(gettext_lazy("sealed")) if said.sealed else (),
        names=said.names[:2],
    )


def _mission(key: str) -> tuple[str, ...]:
    known = register.load().missions.get(key)
    return (
        tuple(dict.fromkeys((known.name.text("en"), known.name.text("zh-hans"))))
        if known
        else (key,) * bool(key)
    )


def _both(about: str, code: str, said: object) -> tuple[str, ...]:
    return _twice(said(about, code))


def _twice(word: str | Promise) -> tuple[str, ...]:
    """Return a word in both languages, once where they are the same."""
    spoken = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            spoken.append(str(word))
    return tuple(dict.fromkeys(spoken))
