"""Reading tools, their cleanings, instruments and their calibrations, page by page. Never writes."""

from __future__ import annotations

from django.db.models import Count, F, OuterRef, Q, Subquery

from aliquot.site.models import Calibration, Cleaning, Instrument, Tool
from aliquot.site.queries.paging import Page

PAGE = 100
CLEANINGS_MOST = 20
IN_USE_FIRST = F("retired_at").asc(nulls_first=True)


def tools(text: str = "", page: int = 1) -> Page:
    """Return tools, those in use first, each with its newest cleaning (`batch`, `cleaned_at`) and how often it was used."""
    text = _written(text)
    newest = Cleaning.objects.filter(tools=OuterRef("pk")).order_by("-at", "-pk")
    found = Tool.objects.filter(
        Q(key__icontains=text) | Q(name_en__icontains=text) | Q(name_zh__icontains=text) | Q(material__iexact=text)
    ) if text else Tool.objects.all()  # fmt: skip
    rows = found.annotate(
        batch=Subquery(newest.values("batch")[:1]), cleaned_at=Subquery(newest.values("at")[:1]), used=Count("uses")
    ).order_by(IN_USE_FIRST, "key")  # fmt: skip
    return _page(rows, found.count(), page)


def cleanings() -> tuple[Cleaning, ...]:
    """Return the newest cleanings, each with how many tools it had (`cleaned`)."""
    rows = Cleaning.objects.annotate(cleaned=Count("tools")).order_by("-at", "-pk")
    return tuple(rows[:CLEANINGS_MOST])


def instruments(text: str = "", page: int = 1) -> Page:
    """Return instruments, those in use first, each with its newest calibration (`calibration`, `sd_ng`, `valid_until`)."""
    text = _written(text)
    newest = Calibration.objects.filter(instrument=OuterRef("pk")).order_by("-at", "-pk")
    found = Instrument.objects.filter(
        Q(key__icontains=text) | Q(name_en__icontains=text) | Q(name_zh__icontains=text) | Q(serial__icontains=text)
    ) if text else Instrument.objects.all()  # fmt: skip
    rows = found.annotate(
        calibration=Subquery(newest.values("key")[:1]),
        calibrated_at=Subquery(newest.values("at")[:1]),
        sd_ng=Subquery(newest.values("sd_ng")[:1]),
        valid_until=Subquery(newest.values("valid_until")[:1]),
    ).order_by(IN_USE_FIRST, "key")
    return _page(rows, found.count(), page)


def _written(text: str) -> str:
    """Return what can be asked for of a text that somebody typed: PostgreSQL takes no NUL."""
    return text.replace("\0", "")


def _page(rows, total: int, number: int) -> Page:
    first = (number - 1) * PAGE
    return Page(tuple(rows[first : first + PAGE]), total, number, PAGE)
