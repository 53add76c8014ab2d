"""Shapes of what is told and answered about calls."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema

from aliquot.site.api.shapes import MassNg, WordsShape


class OfferShape(Schema):
    """A sample that can be asked for, as the list said when it was published."""

    sample: str
    mass_ng: MassNg
    form: str = Field(description="As the catalogue calls it in English; empty: not known.")
    kind: str
    rare: bool


class CriterionShape(Schema):
    """What a request is scored by; the weights of a call sum to 100."""

    key: str
    name: str
    weight: int


class AnsweredShape(Schema):
    """A question with its answer, as everybody sees them."""

    number: int
    question: str
    answer: str
    answered_at: datetime


class ChangeShape(Schema):
    """A field, or a sample of the list, as it was and as it is; an empty text: it was not, or is no longer, there."""

    field: str = Field(description="title, scope, who, countries, closes, or offers.")
    sample: str = Field(description="Of the list; empty for another field.")
    before: str
    after: str


class NoticeShape(Schema):
    """What everybody was told: publish, amend, cancel, conclude."""

    act: str
    at: datetime
    reason: str
    sha256: str = Field(description="The hash of the call from then on; empty where its text did not change.")
    changes: list[ChangeShape]


class PolicyShape(Schema):
    """The pack under which a call runs, as it was when the call was published."""

    key: str
    name: WordsShape
    sha256: str


class CallShape(Schema):
    """A published call in a list."""

    key: str
    title: str
    state: str = Field(
        description="open, closed, in review, in hearings, being decided, concluded or cancelled. A call that opens "
        "later is open already: compare `opens`."
    )
    opens: datetime
    closes: datetime
    zone: str = Field(description="The zone in which its notice tells the moments.")
    sha256: str = Field(description="Of all that it says; see `text`.")


class CallWhole(CallShape):
    """A published call with its list, its questions and every notice."""

    scope: str
    who: str
    countries: list[str] = Field(description="ISO 3166 codes; empty: no country is left out.")
    grace_minutes: int
    offers: list[OfferShape]
    criteria: list[CriterionShape]
    points_most: int
    two_stage: bool
    hearing_minutes: int
    policy: PolicyShape
    questions: list[AnsweredShape]
    notices: list[NoticeShape] = Field(description="Oldest first.")
    text: str = Field(description="The address of the very text that the hash was made from.")


class CallList(Schema):
    """Published calls, the one that closes last first."""

    items: list[CallShape]


class DraftShape(Schema):
    """A call as those see it who keep it."""

    key: str
    state: str
    version: int = Field(description="What the next edit or amendment names as `base`.")
    draft: dict[str, object] = Field(description="The fields as a form sends them.")


class KeptShape(Schema):
    """How the call stands after the act."""

    key: str
    state: str
    version: int
    sha256: str = Field(description="Empty while it is a draft.")
