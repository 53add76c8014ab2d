"""How does one request look to a reader? Its text, what changed between what was submitted, its steps, files and screening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from aliquot import mass, request_facts, requests
from aliquot.life_cycles import Step
from aliquot.site import cycle_words, decision_words, law_words, permissions, queries
from aliquot.site.models import Person, Receipt, Request, RequestStep
from aliquot.site.permissions import Act
from aliquot.site.web import requests_files, requests_law, requests_reading
from aliquot.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Doing:
    """Something that can be done from the page: its act, its word, and whether a reason must be told."""

    act: str
    word: Promise | str
    wants_reason: bool
    is_grave: bool

    @property
    def slug(self) -> str:
        return self.act.replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken, as this reader may know it: an applicant is not told who of the facility took it."""

    row: RequestStep
    word: Promise | str
    state: Promise | str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was submitted once: its receipt, and what it says otherwise than the one before."""

    receipt: Receipt
    number: int
    differences: tuple[requests_reading.Difference, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a level decided, as the applicant is told it."""

    level: Promise | str
    outcome: Promise | str
    granted: tuple[str, ...]
    conditions: tuple[str, ...]
    reasons: str
    needed: str


def act(step: Step) -> Doing:
    """Return an act as the page offers it."""
    grave = step.act in ("withdraw", "decline", "turn away")
    return Doing(step.act, cycle_words.said("act", step.act), requests.REASON in step.needs, grave)


def text(found: Request, receipts: Sequence[Receipt], *, is_author: bool) -> dict[str, object]:
    """Return the text that this reader is shown, by sections, and every version that was submitted."""
    newest = queries.requests.newest(found) if is_author and found.state == "draft" else None
    version = newest or (receipts[-1].version if receipts else queries.requests.newest(found))
    told: Mapping[str, object] = version.told if version else {}
    before: list[Mapping[str, object]] = [{}, *(one.version.told for one in receipts)]
    return {
        "version": version,
        "chapters": requests_reading.chapters(told),
        "law_given": requests_law.given(told),
        "submitted": [
            Submitted(one, i + 1, tuple(requests_reading.differences(before[i], one.version.told)) if i else ())
            for i, one in enumerate(receipts)
        ],
    }  # fmt: skip


def for_author(found: Request, person: Person, at: datetime) -> dict[str, object]:
    """Return what only the authors are shown: who writes, files, decisions that were told."""
    return {
        "team": found.members.select_related("person"),
        "leavers": found.leavers.select_related("person", "by"),
        "files": requests_files.card(found, person, at=at),
        "decided": [_decided(one) for one in queries.decisions.shown_to_applicant(found)],
        "can_edit": found.state == "draft",
    }


def _decided(one: queries.decisions.Decision) -> Decided:
    return Decided(
        decision_words.level(one.level), decision_words.said(decision_words.OUTCOMES, one.outcome),
        tuple(mass.show(ng) for ng in one.granted_ng), one.conditions, one.reasons, one.needed,
    )  # fmt: skip


def for_staff(found: Request, person: Person, at: datetime) -> dict[str, object]:
    """Return what only staff are shown: the files that were submitted, and how its screening stands."""
    newest = queries.screenings.newest(request_facts.subject(found.key))
    decided = queries.screenings.decisions(newest).last() if newest else None
    decides = permissions.may(person, Act.DECIDE_ELIGIBILITY)
    told = queries.requests.told(found)
    return {
        "files": {"items": requests_files.submitted(found)},
        "screening": newest,
        "verdict": law_words.VERDICTS[Verdict(newest.overall)] if newest else "",
        "outcome": law_words.OUTCOMES[decided.outcome] if decided else "",
        "may_see_screening": permissions.may(person, Act.SEE_SCREENINGS),
        "law_address": requests_law.address(found.call, told, key=found.key, on=at.date()) if decides else "",
    }


def steps(found: Request, *, in_full: bool) -> list[Taken]:
    """Return the steps that were taken, the newest first."""
    authors = {found.lead_id, *found.members.values_list("person", flat=True)}
    return [_taken(row, authors, in_full) for row in found.steps.select_related("by").order_by("-order")]


def _taken(row: RequestStep, authors: set[int], in_full: bool) -> Taken:
    known = in_full or row.by_id in authors
    # What the table wants a reason for is told to whoever asked; another remark is the facility's own.
    wanted = any(one.act == row.act and requests.REASON in one.needs for one in requests.CYCLE.steps)
    word, state = cycle_words.said("act", row.act), cycle_words.said("state", row.target)
    return Taken(row, word, state, row.by.name if known else "", row.reason if known or wanted else "")
