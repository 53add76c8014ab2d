"""A reading as a file: the JSON of `aliquot read --json`, or a table with a line for each claim."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpResponse

from aliquot.formats import export
from aliquot.reading import desk
from aliquot.reading.desk import Reading
from aliquot.site.models import KeptReading

COLUMNS: Final = ("file", "predicate", "subject", "object", "value", "unit", "date", "place", "mission", "hedge", "verdict",
                  "register", "because", "quote", "start", "end")  # fmt: skip
FORMS: Final = {"json": "application/json; charset=utf-8", "csv": "text/csv; charset=utf-8"}
Plain = dict[str, Any]


def answer(readings: Sequence[Reading], form: str) -> HttpResponse:
    """Hand over readings as a file of one of FORMS."""
    return _answer([desk.plain(one) for one in readings], form)


def kept(row: KeptReading, form: str) -> HttpResponse:
    """Hand over a reading that was kept, with the verdicts of then."""
    text = {"text": row.text} if row.text and not row.is_plain else {}
    head = {"file": row.name, "language": row.language, "sentences": row.sentences}
    return _answer([{**head, "claims": row.results, **text}], form)


def _answer(plain: Sequence[Plain], form: str) -> HttpResponse:
    body = _csv(plain) if form == "csv" else json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
    made = HttpResponse(body.encode("utf-8", "replace"), content_type=FORMS[form])
    made["Content-Disposition"] = f'attachment; filename="reading.{form}"'
    made["Cache-Control"] = "no-store"
    return made


def _csv(plain: Sequence[Plain]) -> str:
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for one in plain:
        for claim in one["claims"]:
            told = {**claim, "file": one["file"], "register": " ".join(claim["register"])}
            table.writerow([export.harmless(str(told.get(name, ""))) for name in COLUMNS])
    return out.getvalue()
