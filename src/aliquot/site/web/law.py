"""The law on file: the instruments by jurisdiction, one instrument with its versions, two versions side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import law_prose, law_read, register
from aliquot.law_text import NOT_LEGAL_ADVICE, Instrument, Law, Picks, Version, first_day_of
from aliquot.law_words import Vocabulary
from aliquot.site import law_words
from aliquot.site.drawings import timeline
from aliquot.site.drawings.timeline import Stay
from aliquot.site.queries.register.words import country
from aliquot.site.web import law_outline

# Those that lend or govern most come first; the others follow by key.
_PLACES = ("us", "cn", "un", "cospar", "artemis", "ilrs")
FILLS = {"quoted": 3, "reported": 2, "unverified": 4}


@dataclass(frozen=True, slots=True)
class Window:
    """A version with the days between which it holds; for money, those of its fiscal years."""

    version: Version
    since: date | None
    until: date | None
    text: Promise | str

    @property
    def says(self) -> str:
        if self.since is None and self.until is None:
            return ""
        return f"{self.since or '…'} – {self.until or '…'}"


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Show every instrument on file, by jurisdiction, and their versions along time."""
    law, language = law_read.load(), get_language() or "en"
    rows = [_row(each, language) for each in law.instruments.values()]
    rows.sort(key=lambda row: _PLACES.index(row["place"]) if row["place"] in _PLACES else len(_PLACES))
    context = {
        "groups": [(law_words.jurisdiction(place), list(found))
                   for place, found in groupby(rows, key=lambda row: row["place"])],
        "count": len(rows),
        "researched": sum(row["instrument"].is_researched for row in rows),
        "questions": len(law.vocabulary.questions),
        "unsure": [each.text(language) for each in law.vocabulary.not_verified],
        "advice": NOT_LEGAL_ADVICE.text(language),
        "drawing": _drawing(law, language),
        "table": _table(law, language),
        "crumbs": [{"label": _("Law")}],
    }  # fmt: skip
    return render(request, "law/library.html", context)


def _row(each: Instrument, language: str) -> dict[str, object]:
    place, _slash, name = each.key.partition("/")
    on_file = [version for version in each.versions if version.is_on_file]
    return {
        "instrument": each,
        "place": place,
        "name": name,
        "title": each.title.text(language),
        "force": law_words.force(each.force),
        "versions": on_file,
        "newest": on_file[-1] if on_file else None,
        "texts": [law_words.TEXTS[status] for status in dict.fromkeys(version.text for version in on_file)],
        "governs": _governs(each, language),
    }


def _governs(each: Instrument, language: str) -> list[str]:
    """Return what the newest version's clauses forbid, allow or advise."""
    on_file = [version for version in each.versions if version.is_on_file]
    clauses = on_file[-1].rule.clauses if on_file else ()
    return [_("{effect}: {says}").format(effect=law_words.EFFECTS[one.effect], says=one.says.text(language))
            for one in clauses if not one.missing]  # fmt: skip


def windows(each: Instrument) -> list[Window]:
    """Return the versions that are on file with their windows."""
    found = []
    for one in each.versions:
        if not one.is_on_file:
            continue
        since, until = one.first, one.until
        if each.picks is Picks.MONEY:
            since = date.fromordinal(first_day_of(one.money_years[0]))
            until = date.fromordinal(first_day_of(one.money_years[-1] + 1))
        found.append(Window(one, since, until, law_words.TEXTS[one.text]))
    return found


def _drawing(law: Law, language: str) -> SafeString:
    stays = [
        Stay(each.title.text(language), window.since.isoformat(), window.until.isoformat() if window.until else "",
             f"{window.version.key}{_comma()}{window.text}", FILLS[window.version.text.value],
             f"{_address(each)}?version={window.version.key}")
        for each in law.instruments.values() for window in windows(each) if window.since is not None
    ]  # fmt: skip
    return mark_safe(timeline.draw_custody(  # noqa: S308 - every text in it is escaped
        stays, today=timezone.now().date(), prefix="law", title=_("Versions of the instruments on file, along time"),
        description=_("A bar for each version, from its first day to before its last; the table has the same days.")))  # fmt: skip


def _table(law: Law, language: str) -> dict[str, object]:
    rows = [
        [each.title.text(language), window.version.key, str(window.since or "–"), str(window.until or "–"), window.text]
        for each in law.instruments.values() for window in windows(each)
    ]  # fmt: skip
    head = [
        pgettext("of law", "Instrument"),
        _("Version"),
        pgettext("a day", "From"),
        _("To before"),
        _("Text"),
    ]
    return {"caption": _("Versions of the instruments on file"), "head": head, "rows": rows}


def _comma() -> str:
    return pgettext("between parts of a sentence", ", ")


def _address(each: Instrument) -> str:
    return reverse("law-instrument", args=each.key.split("/"))


@require_safe
def instrument(request: HttpRequest, place: str, name: str) -> HttpResponse:
    """Show one instrument; the version of a day, or two versions side by side."""
    law, language = law_read.load(), get_language() or "en"
    found = law.instruments.get(f"{place}/{name}")
    if found is None:
        raise Http404
    context = {
        **_row(found, language),
        "found": found,
        "jurisdiction": law_words.jurisdiction(place),
        "unsure": [each.text(language) for each in found.not_verified],
        "advice": NOT_LEGAL_ADVICE.text(language),
        "picks": law_words.PICKS[found.picks],
        "windows": windows(found),
        **_chosen(request, found, law.vocabulary),
        **_compared(request, found, language),
        "crumbs": [{"label": _("Law"), "href": reverse("law")}, {"label": found.title.text(language)}],
    }
    return render(request, "law/instrument.html", context, status=400 if context["is_no_day"] else 200)


def _chosen(request: HttpRequest, found: Instrument, words: Vocabulary) -> dict[str, object]:
    """Return the version of a day or of a name, else the newest, in full; and who was in on that day."""
    language = get_language() or "en"
    asked, day = _day(request.GET.get("on", ""))
    key = request.GET.get("version", "")
    newest = next((one for one in reversed(found.versions) if one.is_on_file), None)
    chosen = law_prose.version_on(found, day) if day else found.version(key) if key else newest
    shown = chosen if chosen and chosen.is_on_file else None
    return {
        "asked": asked,
        "day": day,
        "is_no_day": bool(asked) and day is None,
        "is_not_on_file": bool(day or key) and shown is None,
        "shown": shown,
        "outline": law_outline.version(shown, language) if shown else (),
        "questions": questions(shown, words, language) if shown else [],
        "members": _members(found, day),
    }


def _compared(request: HttpRequest, found: Instrument, language: str) -> dict[str, object]:
    """Return two versions side by side, where two that are on file are asked for."""
    left, right = (found.version(request.GET.get(side, "")) for side in ("left", "right"))
    if left is None or right is None or not (left.is_on_file and right.is_on_file):
        is_lost = bool(request.GET.get("left") or request.GET.get("right"))
        return {"left": left, "right": right, "lines": [], "is_lost": is_lost}
    lines = law_outline.compare(left, right, language)
    return {"left": left, "right": right, "lines": lines, "changed": sum(line.differs for line in lines)}


def _day(text: str) -> tuple[str, date | None]:
    text = text.strip()[:40]
    try:
        return text, date.fromisoformat(text) if text else None
    except ValueError:
        return text, None


def _members(found: Instrument, day: date | None) -> list[dict[str, object]]:
    record = register.load()
    return [
        {
            "row": one,
            "name": country(record, one.place),
            "is_in": None if day is None else one.since <= day and (one.until is None or day < one.until),
        }
        for one in sorted(found.members, key=lambda each: (each.since, each.place))
    ]


def questions(of: Version, words: Vocabulary, language: str) -> list[str]:
    """Return the questions of the form that a version's clauses look at, in the order of the form."""
    keys = {key for bar in of.rule.bars for condition in (bar.engaged, bar.lifted, bar.still)
            for key in law_outline.questions_of(condition)}  # fmt: skip
    return [each.ask.text(language) for key, each in words.questions.items() if key in keys]
