"""Papers that go with samples: the certificate of each, packing list, customs paper, letter for whoever carries it by hand.

In English and Chinese side by side, whatever the reader's language: the officer at a border has either. What the facility must
add by hand (value, tariff number) is left blank rather than guessed.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from aliquot.site import queries
from aliquot.site.drawings import qr
from aliquot.site.models import LoanItem
from aliquot.site.web import loans, minutes, parcels

PAPERS = ("packing-list", "customs", "hand-carry")
INT_MOST = 2**31 - 1


@require_safe
@login_required
def certificate(request: HttpRequest, key: str, item: int) -> HttpResponse:
    """Print the certificate of a sample of a loan: number, mass with uncertainty, the entry that has it, and its proof."""
    loan = loans.found(request, key)
    row = queries.loans.items(loan).filter(pk=min(item, INT_MOST)).first()
    if row is None:
        raise Http404
    context = _certificate(request, row) | {"loan": loan, "terms": queries.agreements.terms(loan.agreement)}
    return minutes.printed(
        request, "documents/certificate.html", context, f"{loan.number}-certificate-{row.pk}"
    )


def _certificate(request: HttpRequest, row: LoanItem) -> dict[str, Any]:
    """Return what a certificate states; the proof is there once a checkpoint covers the entry."""
    sample, signed = row.sample, queries.ledger.checkpoint()
    last = queries.ledger.recent(sample=sample.number, most=1)
    entry = last[0] if last else None
    with translation.override("en"):  # the address that has no language before it leads to each reader's own
        address = request.build_absolute_uri(reverse("sample", args=[sample.number]))
    proof_address = request.build_absolute_uri(reverse("proof", args=[entry.index])) if entry else ""
    proof = (
        queries.ledger.prove(entry.index, signed) if entry and signed and entry.index < signed.size else ""
    )
    return {
        "item": row,
        "sample": sample,
        "entry": entry,
        "leaf_hash": bytes(entry.leaf_hash).hex() if entry else "",
        "proof": proof,
        "address": address,
        "proof_address": proof_address,
        "code": mark_safe(qr.draw(_ascii(address), title=sample.number)),  # noqa: S308 - every text is escaped
        "mass_ng": sum(ng for _number, holder, ng in queries.ledger.balances(sample) if not holder.startswith(("spent:", "origin:", "drift:"))),
        "today": timezone.now().date(),
    }  # fmt: skip


def _ascii(address: str) -> str:
    return address if address.isascii() else address.encode("ascii", "ignore").decode()


@require_safe
@login_required
def parcel_paper(request: HttpRequest, key: str, paper: str) -> HttpResponse:
    """Print a paper of a parcel."""
    if paper not in PAPERS:
        raise Http404
    row = parcels.found(request, key)
    items = list(row.items.select_related("sample").order_by("pk"))
    terms = queries.agreements.terms((row.onward_to or row.loan).agreement)
    back = row.direction == "back"
    context = {
        "parcel": row,
        "items": items,
        "net_ng": sum(item.mass_ng for item in items),
        "sender": terms.borrower if back else terms.lender,
        "receiver": terms.lender if back else terms.borrower,
        "terms": terms,
        "today": timezone.now().date(),
    }
    return minutes.printed(
        request, f"documents/{paper.replace('-', '_')}.html", context, f"{row.number}-{paper}"
    )
