"""What is asked for in a request, by whom and why, what may be done with it, and what does a receipt say?

`request_drafts` reads one. Knows no database and no clock. What the checklists of agencies ask for: domain facts, sections
2.2, 6.3 and 9 (items 11 and 13).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from aliquot import fault
from aliquot.life_cycles import LifeCycle, Need, Step

LEAD, TEAM = "principal investigator", "team"
REASON: Final = Need("reason", "the reason is told", fault.of("reason", "no reason is told", "say why"))
RUNNING: Final = Need(
    "running", "the call is open", fault.of("call", "the call is not open", "wait until it opens")
)
COMPLETE: Final = Need("complete", "it is complete",
                       fault.of("request", "the request is not complete", "read what is missing"))  # fmt: skip
IN_TIME: Final = Need("in-time", "deadline and grace have not passed",
                      fault.of("request", "the deadline and its grace have passed", "your text is kept; ask in the next call"))  # fmt: skip
CLOSED: Final = Need(
    "closed", "the call is closed", fault.of("call", "the call is not closed yet", "wait until it is")
)
ELIGIBLE: Final = Need("eligible", "no decision on eligibility forbids it",
                       fault.of("request", "it was decided that the law does not allow this", "turn it away"))  # fmt: skip
TWO_STAGE: Final = Need("two-stage", "the call has hearings",
                        fault.of("call", "this call has no hearings", "decide after the reviews"))  # fmt: skip
REVIEWED: Final = Need("reviewed", "all its reviews are in",
                       fault.of("request", "there are reviews that are not in", "wait for them"))  # fmt: skip
SETTLED: Final = Need("settled", "the last level has decided so",
                      fault.of("request", "the last level has not decided so", "record its decision first"))  # fmt: skip
ONE_STAGE: Final = Need("one-stage", "the call has no hearings",
                        fault.of("call", "this call has hearings", "put it on the short list first"))  # fmt: skip
APPEALABLE: Final = Need("appealable", "the policy lets it be appealed against, in time and once",
                         fault.of("request", "there is no appeal, it is too late for it, or it was made already",
                                  "ask in another call"))  # fmt: skip

CYCLE: Final = LifeCycle("draft", (
    Step("draft", "edit", "draft", (LEAD, TEAM)),
    Step("draft", "submit", "submitted", (LEAD,), (RUNNING, IN_TIME, COMPLETE)),
    Step("draft", "withdraw", "withdrawn", (LEAD,)),
    Step("draft", "lapse", "lapsed", ("curator", "chair"), (CLOSED,)),
    Step("submitted", "amend", "submitted", (LEAD,), (RUNNING, IN_TIME, COMPLETE)),
    Step("submitted", "withdraw", "withdrawn", (LEAD,)),
    Step("submitted", "admit", "in review", ("curator", "compliance"), (CLOSED, ELIGIBLE)),
    Step("submitted", "turn away", "turned away", ("compliance", "director"), (CLOSED, REASON)),
    Step("in review", "withdraw", "withdrawn", (LEAD,)),
    Step("in review", "shortlist", "on the short list", ("chair",), (TWO_STAGE, REVIEWED)),
    Step("in review", "grant", "granted", ("chair", "director"), (ONE_STAGE, SETTLED)),
    Step("in review", "refuse", "refused", ("chair", "director"), (SETTLED,)),
    Step("in review", "defer", "deferred", ("chair", "director"), (SETTLED,)),
    Step("on the short list", "withdraw", "withdrawn", (LEAD,)),
    Step("on the short list", "grant", "granted", ("chair", "director"), (SETTLED,)),
    Step("on the short list", "refuse", "refused", ("chair", "director"), (SETTLED,)),
    Step("on the short list", "defer", "deferred", ("chair", "director"), (SETTLED,)),
    Step("deferred", "resume", "in review", ("chair",), (REASON,)),
    Step("deferred", "withdraw", "withdrawn", (LEAD,)),
    Step("granted", "decline", "withdrawn", (LEAD,), (REASON,)),
    Step("granted", "appeal", "under appeal", (LEAD,), (APPEALABLE, REASON)),
    Step("refused", "appeal", "under appeal", (LEAD,), (APPEALABLE, REASON)),
    Step("under appeal", "reopen", "in review", ("director",), (REASON,)),
    Step("under appeal", "uphold", "upheld", ("director",), (REASON,)),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks, or works with who asks; the identifiers are empty where they were left out.

    `institution_names` are what the institution is called in other languages.
    """

    name: str
    orcid: str
    institution: str
    ror: str
    country: str
    institution_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Funder:
    """Whose money pays for the work, from which country and in which fiscal years: laws ask for it."""

    name: str
    country: str
    years: tuple[str, ...]
    grant: str


@dataclass(frozen=True, slots=True)
class Line:
    """So much of one sample, or of any sample of a kind; `alternatives` would do as well."""

    sample: str
    kind: str
    form: str
    least_ng: int
    wanted_ng: int
    alternatives: tuple[str, ...]
    method: str
    destructive_percent: int
    why: str


@dataclass(frozen=True, slots=True)
class Request:
    """A complete request. When the work would begin, for how many months, and what else the law asks may be left out."""

    title: str
    summary: str
    lead: Applicant
    team: tuple[Applicant, ...]
    funders: tuple[Funder, ...]
    lines: tuple[Line, ...]
    facilities: str
    security: str
    return_plan: str
    earlier_loans: str
    news: str
    begins: date | None = None
    months: int = 0
    law: Mapping[str, str] = field(default_factory=dict)

    @property
    def institutions(self) -> frozenset[str]:
        """The ROR IDs of all who take part."""
        return frozenset(person.ror for person in (self.lead, *self.team) if person.ror)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that is submitted with a request."""

    name: str
    sha256: str


def receipt_text(
    told: Mapping[str, object], *, call_sha256: str, request: str, version: int, at: datetime,
    files: Collection[Enclosed] = (),
) -> str:  # fmt: skip
    """Return the text whose SHA-256 is on a receipt: what was submitted, to which call, as which version, and when.

    JSON with sorted keys; in UTF-8 it is the file that anybody hashes to see that nothing was changed.
    """
    said = {"told": told, "call": call_sha256, "request": request, "version": version, "at": at.isoformat()}
    if files:
        said["files"] = [{"name": one.name, "sha256": one.sha256} for one in files]
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def receipt(
    told: Mapping[str, object], *, call_sha256: str, request: str, version: int, at: datetime,
    files: Collection[Enclosed] = (),
) -> str:  # fmt: skip
    """Return the hash on a receipt."""
    text = receipt_text(told, call_sha256=call_sha256, request=request, version=version, at=at, files=files)
    return receipt_of(text)


def receipt_of(text: str) -> str:
    """Return the hash of a receipt's text in UTF-8, as `sha256sum` prints it."""
    return hashlib.sha256(text.encode()).hexdigest()
