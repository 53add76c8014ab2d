"""Agreements on loans: prepared from what was granted, read clause by clause in both languages, offered, signed, countersigned.

Staff see all of them, a borrower their own once they are offered; to others an agreement is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot.agreements import Document
from aliquot.fault import Fault
from aliquot.site import permissions, queries
from aliquot.site.models import LoanAgreement, Request
from aliquot.site.operations import agreements as operations
from aliquot.site.operations import agreements_preview
from aliquot.site.operations.agreements import Told
from aliquot.site.permissions import Act
from aliquot.site.web import (
    acting,
    agreements_acts,
    agreements_forms,
    agreements_shown,
    files,
    loans_ways,
    minutes,
)
from aliquot.site.web.acting import Body, Shown
from aliquot.site.web.agreements_forms import About, TermsForm

INT_MOST = 2**31 - 1


def found(request: HttpRequest, key: str) -> LoanAgreement:
    """Return an agreement to those who may open it."""
    row = queries.agreements.one(key, request.user, sees_all=permissions.may(request.user, Act.SEE_LOANS))
    if row is None:
        raise Http404
    return row


def crumbs(request: HttpRequest, *more: dict[str, str]) -> list[dict[str, str]]:
    """Return the way to a page on lending."""
    desk = (
        [{"label": _("Desk"), "href": reverse("desk")}] if permissions.may(request.user, Act.SEE_DESK) else []
    )
    return [*desk, {"label": _("Loans"), "href": reverse("loans")}, *more]


@require_safe
@permissions.require(Act.SEE_LOANS)
def agreements_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for an agreement, what waits for a signature and until when, and every agreement."""
    today = timezone.now().date()
    context = {
        "waiting": queries.loan_pages.awaiting_agreement(),
        "rows": agreements_shown.listed(today),
        "may_keep": permissions.may(request.user, Act.KEEP_LOANS),
        "crumbs": crumbs(request, {"label": _("Agreements")}),
    }
    return render(request, "agreements/list.html", context)


# -- made --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_LOANS)
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Prepare the agreement on a granted request: fill in, look at the text, draft it."""
    row = Request.objects.filter(key=key, submitted_at__isnull=False).select_related("call", "lead").first()
    if row is None:
        raise Http404
    about = agreements_forms.of_request(row, today=timezone.now().date())
    way = [{"label": _("Agreements"), "href": reverse("agreements")}, {"label": _("Prepare an agreement")}]
    return _told(request, about, lambda told: operations.make(row, told, by=request.user, at=timezone.now()),
                 {"heading": row.title or _("Untitled"), "eyebrow": _("Prepare an agreement"), "crumbs": crumbs(request, *way)})  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_LOANS)
def amend(request: HttpRequest, key: str) -> HttpResponse:
    """Draft other terms for a loan that runs: the same samples, an agreement of its own."""
    loan = queries.loans.one(key, request.user, sees_all=True)
    if loan is None:
        raise Http404
    about = agreements_forms.of_agreement(loan.agreement)
    way = [
        {"label": loan.number, "href": reverse("loan", args=[loan.key])},
        {"label": _("Amend the agreement")},
    ]
    return _told(request, about, lambda told: operations.amend(loan, told, by=request.user, at=timezone.now()),
                 {"heading": loan.number, "eyebrow": _("Amend the agreement"), "crumbs": crumbs(request, *way)})  # fmt: skip


def _told(
    request: HttpRequest, about: About, make: agreements_preview.Make, context: Mapping[str, object]
) -> HttpResponse:
    return drafted(request, TermsForm(request.POST or None, about=about, by=request.user), make, context)


def drafted(
    request: HttpRequest, form: TermsForm, make: agreements_preview.Make, context: Mapping[str, object]
) -> HttpResponse:
    """Show a form of terms with its text, where that is asked for, or draft the agreement and lead to it."""
    faults: list[Shown] = []
    text: Document | None = None
    if request.method == "POST" and form.is_valid():
        done = _tried(request, make, form.told())
        if isinstance(done, dict):
            return redirect("agreement", key=done["key"])
        text, stands = (done, ()) if isinstance(done, Document) else (None, done)
        faults = loans_ways.beside(form, [form.of_row(one) for one in stands])
    return shown(request, form, context, text=text, faults=faults)


def shown(
    request: HttpRequest, form: TermsForm, context: Mapping[str, object], *, text: Document | None = None,
    faults: Sequence[Shown] = (),
) -> HttpResponse:  # fmt: skip
    """Show the form, with the text as it would read and what stands against it."""
    clauses = agreements_shown.clauses(text) if text else []
    status = 422 if faults or form.errors else 200
    more = {"form": form, "faults": faults, "clauses": clauses}
    return render(request, form.TEMPLATE, {**context, **more}, status=status)


def _tried(
    request: HttpRequest, make: agreements_preview.Make, told: Told
) -> Document | Body | tuple[Fault, ...]:
    """Return the text that was asked for, or draft the agreement; or return what stands against it."""
    if "preview" in request.POST:
        return agreements_preview.text_of(make, told)
    return acting.attempt(request, lambda: {"key": make(told).key})


# -- one ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def agreement(request: HttpRequest, key: str) -> HttpResponse:
    """Show an agreement: how it stands, its text in both languages, who signed; and act on it."""
    row = found(request, key)
    ran = loans_ways.run(request, agreements_acts.of(row, request.user, timezone.now().date()), row)
    if ran.body is not None:
        return redirect(str(ran.body["to"]))
    context = agreements_shown.page(row, request) | {
        "offered": ran.offered,
        "faults": ran.faults,
        "crumbs": crumbs(request, {"label": row.number}),
    }
    return render(request, "agreements/agreement.html", context, status=ran.status)


@require_safe
@login_required
def agreement_paper(request: HttpRequest, key: str) -> HttpResponse:
    """Print an agreement: both languages side by side, with room for both signatures."""
    row = found(request, key)
    return minutes.printed(
        request, "documents/agreement.html", agreements_shown.page(row, request), row.number
    )


@require_safe
@login_required
def agreement_text(request: HttpRequest, key: str) -> HttpResponse:
    """Hand over the bytes whose SHA-256 the agreement states: what a detached signature is made over."""
    row = found(request, key)
    answer = HttpResponse(queries.agreements.signed_text(row), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.number}.txt"'
    return answer


@require_safe
@login_required
def signature_file(request: HttpRequest, key: str, order: int) -> HttpResponse:
    """Hand out what was signed, to the parties and those who see all loans."""
    step = found(request, key).steps.select_related("file").filter(order=min(order, INT_MOST)).first()
    if step is None or step.file is None:
        raise Http404
    return files.private_original(request, step.file, name=agreements_shown.file_name(step))
