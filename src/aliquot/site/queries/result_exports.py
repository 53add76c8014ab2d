"""What do files and programs read of results? Values one a row, analyses and ages as JSON; of what a reader may see, and no more."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.db.models import Max
from django.utils import timezone

import aliquot
from aliquot.site.models import AgePublished, Analysis, DerivedAge, Publication
from aliquot.site.queries.results import Age, Told

HEAD = ("analysis", "sample", "label", "material", "method", "laboratory", "measured_on", "analyte", "value", "unit",
        "uncertainty", "level", "kind", "sd_1s", "detection_limit", "publication", "doi")  # fmt: skip


def state() -> str:
    """Return what changes whenever the public may see more of results: what was recorded and published, and the day."""
    newest = [
        model.objects.aggregate(last=Max("pk"))["last"]
        for model in (Analysis, DerivedAge, AgePublished, Publication)
    ]
    return f"{aliquot.__version__} {newest} {timezone.now().date()}"


def as_csv(analyses: Iterable[Told]) -> str:
    """Return the values, one a row, each as it was told and as one standard deviation."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    for one in analyses:
        paper = one.publication
        for value in one.values:
            writer.writerow([_cell(said) for said in (
                one.key, one.number, one.label, one.material, one.method, one.laboratory, one.measured_on or "",
                value.analyte, value.text, value.unit, value.uncertainty, value.level, value.kind if value.uncertainty else "",
                "" if value.sd is None else f"{value.sd:f}", "" if value.limit is None else f"{value.limit:f}",
                paper.citation if paper else "", paper.doi if paper else "",
            )])  # fmt: skip
    return text.getvalue()


def _cell(said: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = str(said)
    return f"'{text}" if text[:1] in "=+@\t\r" or (text[:1] == "-" and not text[1:2].isdigit()) else text


def as_json(analyses: Iterable[Told], ages: Iterable[Age], cited: Sequence[str]) -> dict[str, object]:
    """Return analyses and ages, with request and answer of each age as they were kept."""
    return {
        "citation": list(cited),
        "analyses": [analysis_json(one) for one in analyses],
        "ages": [age_json(one) for one in ages],
    }


def analysis_json(one: Told) -> dict[str, object]:
    """Return what may be told of an analysis."""
    paper = one.publication
    return {
        "analysis": one.key, "origin": one.origin, "sample": one.number, "label": one.label, "material": one.material,
        "method": one.method, "instrument": one.instrument, "laboratory": one.laboratory, "standards": one.standards,
        "measured_on": one.measured_on.isoformat() if one.measured_on else None, "consumed_ng": one.consumed_ng,
        "entry": one.entry, "supersedes": one.supersedes or None,
        "publication": {"citation": paper.citation, "doi": paper.doi or None, "year": paper.year} if paper else None,
        "raw_files": [{"name": name, "sha256": sha256, "size_bytes": size} for name, sha256, size in one.raw],
        "values": [
            {"analyte": each.analyte, "value": each.text, "unit": each.unit, "uncertainty": each.uncertainty or None,
             "level": each.level or None, "kind": each.kind if each.uncertainty else None,
             "sd": None if each.sd is None else f"{each.sd:f}"}
            for each in one.values
        ],
    }  # fmt: skip


def age_json(one: Age) -> dict[str, object]:
    """Return an age: what is quoted, what it means, and request and answer as they were kept."""
    return {
        "age": one.key, "title": one.title, "task": one.task, "clock": one.clock or None, "age_ma": one.age_ma,
        "half_width_ma": one.half_ma, "meaning": one.meaning, "constants": list(one.sets), "version": one.version,
        "beside": one.beside or None, "why": one.why or None, "request": one.asked, "answer": one.answered,
        "request_sha256": one.request_sha256, "answer_sha256": one.answer_sha256,
    }  # fmt: skip
