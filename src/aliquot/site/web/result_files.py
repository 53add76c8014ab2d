"""Results to take away: of a sample, an age, a loan or a request as CSV, JSON or RO-Crate with the raw files; a raw file as it came."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

import aliquot
from aliquot import result_citations, result_crates
from aliquot.result_crates import Crate, Packed
from aliquot.site import permissions, queries
from aliquot.site.models import Loan
from aliquot.site.permissions import Act
from aliquot.site.queries.result_exports import as_csv, as_json
from aliquot.site.queries.results import Age, Told
from aliquot.site.web.borrowing import found as loan_of
from aliquot.site.web.results import cited_as, facility_name, papers_of, sees_of

CRATE_BYTES_MOST = 500_000_000
# No licence is made up: what was published elsewhere is under its publisher's terms.
LICENCE = "No licence is stated. Facts may be cited with the citations given; for anything else ask the publisher named here."
Files = list[tuple[str, str, bytes]]


@require_safe
def of_sample(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """Hand over a sample's results."""
    sees = sees_of(request)
    analyses, ages = queries.results.of_sample(number, sees), queries.results.ages_of_sample(number, sees)
    if not analyses and not queries.results.in_catalogue(number):
        raise Http404
    citation = result_citations.of_sample(
        number, (), facility_name(), request.build_absolute_uri(reverse("sample-results", args=[number]))
    )
    return _answer(request, form, f"results-{number}", analyses, ages, [citation])


@require_safe
def of_age(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """Hand over one age with the analyses that it rests on."""
    sees = sees_of(request)
    found = queries.results.age(key, sees)
    if found is None:
        raise Http404
    rows = queries.results.rows_of(found)
    analyses = queries.results.chosen([row.analysis for row in rows], sees)
    papers = papers_of(rows, sees)
    cited = [result_citations.as_text(cited_as(request, found, papers)), *(one.citation for one in papers)]
    return _answer(request, form, f"age-{key}", analyses, [found], cited)


@require_safe
@login_required
def of_loan(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """Hand over what was measured on a loan to whoever answers for it, and to those who see all loans."""
    row = loan_of(request, key)
    return _of_loans(request, form, f"loan-{row.number}", [row])


@require_safe
@login_required
def of_request(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """Hand over what was measured on the loans that came of a request, to its authors and to those who see all of it."""
    whole_field = permissions.may(request.user, Act.SEE_REQUESTS)
    row = queries.requests.readable(key, request.user, whole_field=whole_field)
    if row is None:
        raise Http404
    rows = list(queries.loans.all_of_them().filter(agreement__request=row))
    return _of_loans(request, form, f"request-{row.key}", rows, borrower=row.lead_id == request.user.pk)


def _of_loans(
    request: HttpRequest, form: str, name: str, rows: Sequence[Loan], *, borrower: bool = False
) -> HttpResponse:
    held = [one for one in rows if borrower or queries.loans.is_borrower(one, request.user)]
    sees = replace(sees_of(request), holders=tuple(one.holder.key for one in held))
    analyses = queries.results.of_loans(rows, sees)
    ages = queries.results.ages_resting_on(analyses, sees)
    papers = dict.fromkeys(one.publication.citation for one in analyses if one.publication)
    return _answer(request, form, f"results-{name}", analyses, ages, list(papers))


@require_safe
def raw(request: HttpRequest, key: str, sha256: str, name: str) -> HttpResponse:
    """Hand over a raw file, byte by byte as it came."""
    found = (
        queries.results.raw_file(key, sha256, sees_of(request))
        if len(sha256) == 64 and sha256.isalnum()
        else None
    )
    if found is None or found[0] != name:
        raise Http404
    with default_storage.open(queries.files.path_of(sha256)) as file:
        answer = HttpResponse(file.read(), content_type="application/octet-stream")
    return _named(answer, name)


def _answer(
    request: HttpRequest,
    form: str,
    name: str,
    analyses: Sequence[Told],
    ages: Sequence[Age],
    cited: Sequence[str],
) -> HttpResponse:
    if form == "csv":
        return _named(HttpResponse(as_csv(analyses), content_type="text/csv; charset=utf-8"), f"{name}.csv")
    if form == "json":
        text = json.dumps(as_json(analyses, ages, cited), ensure_ascii=False, indent=1)
        return _named(HttpResponse(text, content_type="application/json"), f"{name}.json")
    if form != "zip":
        raise Http404
    return _named(
        HttpResponse(as_crate(request, name, analyses, ages, cited), content_type="application/zip"),
        f"{name}.zip",
    )


def _named(answer: HttpResponse, name: str) -> HttpResponse:
    answer.headers["Content-Disposition"] = _disposition(name)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _disposition(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name.replace("/", "_")) or "attachment"


def as_crate(
    request: HttpRequest, name: str, analyses: Sequence[Told], ages: Sequence[Age], cited: Sequence[str]
) -> bytes:
    """Return the zip of an RO-Crate: values, ages, the request and answer of each as kept, raw files, metadata."""
    packed, left_out = _files(analyses, ages, cited)
    described = tuple(
        Packed(path, path.rpartition("/")[2], kind, len(data), hashlib.sha256(data).hexdigest())
        for path, kind, data in packed
    )
    said = "Analyses and derived ages with their requests; compute all again with: aliquot recompute FILE.zip"
    if left_out:
        said += f". Raw files that are not packed, for their size; results.json has the SHA-256 of each: {', '.join(left_out)}"
    crate = Crate(name, said, facility_name(), request.build_absolute_uri("/"), LICENCE, timezone.now().date(),
                  tuple(cited), described, aliquot.__version__)  # fmt: skip
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(
            result_crates.NAME, json.dumps(result_crates.metadata(crate), ensure_ascii=False, indent=1)
        )
        for path, _kind, data in packed:
            bundle.writestr(path, data)
    return written.getvalue()


def _files(analyses: Sequence[Told], ages: Sequence[Age], cited: Sequence[str]) -> tuple[Files, list[str]]:
    """Return path, media type and bytes of each file of a crate, and the paths of the raw files that do not fit in."""
    whole = json.dumps(as_json(analyses, ages, cited), ensure_ascii=False, indent=1)
    packed: Files = [
        ("values.csv", "text/csv", as_csv(analyses).encode()),
        ("results.json", "application/json", whole.encode()),
    ]
    for one in ages:
        for ending, text in ((result_crates.REQUEST, one.request), (result_crates.ANSWER, one.answer)):
            packed.append((f"ages/{one.key}{ending}", "application/json", text.encode()))
    raw, left_out = _raw_files(analyses)
    return packed + raw, left_out


def _raw_files(analyses: Iterable[Told]) -> tuple[Files, list[str]]:
    """Return the raw files, as many as a bundle should hold, and the paths of the others; of one name, each under its own path."""
    packed: Files = []
    left_out: list[str] = []
    paths: set[str] = set()
    left = CRATE_BYTES_MOST
    for one in analyses:
        for name, sha256, size in one.raw:
            path = f"raw/{one.key}/{name.replace('/', '_')}"
            path = path if path not in paths else f"raw/{one.key}/{sha256[:12]}-{name.replace('/', '_')}"
            paths.add(path)
            if size > left:
                left_out.append(path)
                continue
            left -= size
            with default_storage.open(queries.files.path_of(sha256)) as file:
                packed.append((path, "application/octet-stream", file.read()))
    return packed, left_out
