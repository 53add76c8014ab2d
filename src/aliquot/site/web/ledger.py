"""The ledger's pages and files: entries as they were hashed, the signed checkpoint, proofs, the whole book.

The files are the same bytes as those that `aliquot publish` writes, and change only when a checkpoint is signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import condition, require_safe

from aliquot import book, handling
from aliquot.fault import Fault
from aliquot.ledger import Entry as Act
from aliquot.ledger import Kind
from aliquot.site import instance, permissions, queries, words
from aliquot.site.models import Checkpoint
from aliquot.site.models import Entry as Row
from aliquot.site.queries.samples import Whom
from aliquot.site.web.catalogue import Address
from aliquot.site.web.samples import entry_number

PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One posting as a reader sees it."""

    sample: str
    whom: Whom
    mass_ng: int


PLAIN = "text/plain; charset=utf-8"
_ENTRIES_A_PIECE = 500
# A copy may be kept by anybody, and must be asked for again before it is shown: the answer is mostly "unchanged".
KEPT = "public, no-cache"


class LedgerForm(forms.Form):
    """Which entries are wanted."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("every kind")), *((kind.value, words.KINDS[kind]) for kind in Kind)],
    )
    sample = forms.CharField(label=gettext_lazy("Sample number"), required=False, max_length=100)

    def clean_sample(self) -> str:
        return str(self.cleaned_data["sample"]).strip()


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the newest entries, or those before one."""
    form = LedgerForm(request.GET)
    form.full_clean()
    before = entry_number(request.GET.get("before", ""))
    entries = queries.ledger.recent(
        kind=form.cleaned_data.get("kind", ""),
        sample=form.cleaned_data.get("sample", ""),
        before=before,
        most=PAGE + 1,
    )
    signed, head = queries.ledger.checkpoint(), queries.ledger.head()
    address = Address(request.GET)
    context = {
        "form": form,
        "entries": entries[:PAGE],
        "head": head,
        "signed": signed,
        "awaiting": head.size - (signed.size if signed else 0),
        "newest_href": address.without("before") if before is not None else "",
        "older_href": address.changed(before=entries[PAGE - 1].index) if len(entries) > PAGE else "",
        "is_narrowed": any(form.cleaned_data.values()),
    }
    return render(request, "ledger/ledger.html", context)


@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """Show one entry, its leaf hash, and the proof that it is in the book."""
    found = queries.ledger.entries().filter(index=number).first()
    if found is None:
        size = queries.ledger.head().size
        return render(request, "ledger/unknown.html", {"number": number, "size": size}, status=404)
    signed = queries.ledger.checkpoint()
    act = book.parse(found.text)
    context = {
        "entry": found,
        "lines": _lines(act),
        "command": f"aliquot check-proof entry-{number}.tlog-proof --key vkey",
        "corrected": act.corrected if isinstance(act, Act) else (),
        "deed": words.DEEDS[found.kind],
        "leaf_hash": bytes(found.leaf_hash).hex(),
        "signed": signed,
        "proof": queries.ledger.prove(number, signed) if signed and number < signed.size else "",
        "done": _done(request, found),
        **_around(number),
    }
    return render(request, "ledger/entry.html", context)


def _around(number: int) -> dict[str, object]:
    """Return where an entry stands: the ledger above it, the entries beside it."""
    is_last = number + 1 >= queries.ledger.head().size
    here = _("Entry %(n)s") % {"n": number}
    return {
        "crumbs": [{"label": _("Ledger"), "href": reverse("ledger")}, {"label": here}],
        "previous_href": reverse("entry", args=[number - 1]) if number else "",
        "next_href": "" if is_last else reverse("entry", args=[number + 1]),
    }


def _done(request: HttpRequest, found: Row) -> list[dict[str, str]]:
    """Return what was done at the bench in this entry, for those who may see the work."""
    if not permissions.may(request.user, permissions.Act.SEE_WORK):
        return []
    return [
        {"label": _(handling.KINDS[one.kind].label), "href": reverse("handling", args=[one.pk])}
        for one in found.handlings.order_by("pk")
        if one.kind in handling.KINDS
    ]


def _lines(act: Act | tuple[Fault, ...]) -> list[Line]:
    """Return the entry's postings with the public names of their holders."""
    postings = act.postings if isinstance(act, Act) else ()
    known = queries.samples.whoms({posting.holder for posting in postings})
    return [Line(posting.sample, known[posting.holder], posting.mass_ng) for posting in postings]


@require_safe
def verify_guide(request: HttpRequest) -> HttpResponse:
    """Tell a sceptic how to check everything without us."""
    context = {
        "signed": queries.ledger.checkpoint(),
        "origin": instance.describe(settings.HOME).origin,
        "files": [request.build_absolute_uri(reverse(name)) for name in ("book", "checkpoint", "vkey")],
        "crumbs": [{"label": _("Ledger"), "href": reverse("ledger")}, {"label": _("Verify it yourself")}],
    }
    return render(request, "ledger/verify.html", context)


# -- files ---------------------------------------------------------------------------------------------------


def _signed() -> Checkpoint:
    signed = queries.ledger.checkpoint()
    if signed is None:
        raise Http404(_("No checkpoint has been signed yet."))
    return signed


def _tag(name: str) -> Callable[..., str]:
    """Return what tells one state of a file from the next: the log's size at the newest checkpoint."""

    def tag(request: HttpRequest, **kwargs: int) -> str:  # noqa: ARG001 - Django's signature
        return f'"{"-".join(map(str, (name, *kwargs.values(), _signed().size)))}"'

    return tag


def _file(pieces: str | Iterator[str], name: str) -> HttpResponse | StreamingHttpResponse:
    made = HttpResponse if isinstance(pieces, str) else StreamingHttpResponse
    response = made(pieces, content_type=PLAIN)
    response["Cache-Control"] = KEPT
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@require_safe
@condition(etag_func=_tag("book"))
def book_file(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:  # noqa: ARG001
    """Hand over the book up to the newest checkpoint."""
    return _file(_pieces(_signed().size), "book.txt")


def _pieces(size: int) -> Iterator[str]:
    pieces = book.book(queries.ledger.texts(0, size))
    while piece := "".join(islice(pieces, _ENTRIES_A_PIECE)):
        yield piece


@require_safe
@condition(etag_func=_tag("checkpoint"))
def checkpoint_file(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Hand over the newest checkpoint."""
    return _file(_signed().note, "checkpoint")


@require_safe
def vkey_file(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Hand over the public key that checks the checkpoint's signature."""
    return _file(f"{instance.read_signing_key(settings.HOME).verifier}\n", "vkey")


@require_safe
@condition(etag_func=_tag("proof"))
def proof_file(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """Hand over the proof that an entry is in the book of the newest checkpoint."""
    signed = _signed()
    if number >= signed.size:
        raise Http404(_("No checkpoint covers this entry yet."))
    return _file(queries.ledger.prove(number, signed), f"entry-{number}.tlog-proof")
