"""Who joined which framework for the Moon, and when? What is planned, and who announced it when?"""

from __future__ import annotations

from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from aliquot.register import Record, State, Statement
from aliquot.site.queries.register import around, shown, words
from aliquot.site.queries.register.around import Wanted
from aliquot.site.queries.register.chapters import Chapter, Chapters, Line, line, page, questions
from aliquot.site.queries.register.shown import Name

# Frameworks of the record, and the instrument of the law library that each is.
FRAMEWORKS: Final = {
    "outer-space-treaty": "un/outer-space-treaty",
    "moon-agreement": "un/moon-agreement",
    "artemis-accords": "artemis/accords",
    "ilrs": "ilrs/membership",
}


def frameworks() -> Chapters:
    """Return the frameworks, each with its members in the order in which they joined."""
    record = around.record(about=FRAMEWORKS, about_most=len(FRAMEWORKS) * around.MOST)
    chapters, facts = [], []
    for key, instrument in FRAMEWORKS.items():
        said = record.about(key)
        members = sorted(
            (one for one in said if one.says in ("member", "withdrawal")),
            key=lambda one: (one.on or one.date).sort_key,
        )
        rest = [one for one in said if one.says not in ("member", "withdrawal", "plan")]
        facts += [*members, *rest]
        chapters.append(
            Chapter(
                key,
                shown.subject(record, key).text,
                lead="" if members else _("Its members are not entered: no list with dates was found."),
                lines=tuple(_member(record, one) for one in members),
                questions=questions(record, rest),
                names=(Name(_("The instrument in the law library"), href=_law(instrument)),),
            )
        )
    lead = _("Membership is shown, and decides nothing here: several states are in more than one.")
    return page(record, "frameworks", _("Frameworks for the Moon"), lead, chapters, facts)


def _law(instrument: str) -> str:
    return reverse("law-instrument", args=instrument.split("/"))


def _member(record: Record, one: Statement) -> Line:
    said = shown.said(record, one)
    text = one.scope.text(words.language())
    return Line(said.value, text, one.key, None, "", said.state, said.sources)


def plans() -> Chapters:
    """Return what is planned, by what it is planned for."""
    record = around.record(Wanted(Q(says="plan")))
    found = [one for one in record.statements.values() if one.says == "plan"]
    chapters = []
    for about in dict.fromkeys(one.about for one in found):
        every = [one for one in found if one.about == about]
        known = [one for one in every if one.state is not State.UNKNOWN]
        lines = [line(record, one, name=_announced(record, one)) for one in known]
        unknown = [line(record, one) for one in every if one.state is State.UNKNOWN]
        chapters.append(Chapter(about, shown.subject(record, about).text, lines=(*lines, *unknown)))
    lead = _("Plans are claims on the future: who announced what, and when, as far as a source tells.")
    return page(record, "plans", _("What is planned"), lead, chapters, found)


def _announced(record: Record, one: Statement) -> Name | None:
    return shown.subject(record, one.object) if one.object else None
