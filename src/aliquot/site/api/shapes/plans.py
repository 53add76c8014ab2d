"""Shapes of what is answered about plans of allocation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from aliquot.site.api.shapes import MassNg


class PlanListed(Schema):
    """A plan of a call, as its list has it."""

    plan: str
    number: int
    state: str = Field(description="computed, computing or interrupted.")
    status: str | None = Field(
        description="optimal, gap, time_limit or infeasible; null where it is not computed."
    )
    input_sha256: str
    merit: int | None
    handling: int | None
    used_up_ug: int | None
    granted: int | None = Field(description="How many lines get something.")
    made_at: datetime
    by: str
    proposed: bool
    adopted: bool


class PlanList(Schema):
    """The plans of a call, newest first."""

    items: list[PlanListed]


class ShareShape(Schema):
    """So much of a sample for a line; lines of a request are counted from 1."""

    request: str
    line: int
    sample: str
    mass_ng: MassNg


class PlanWhole(PlanListed):
    """A plan with its shares, and the answer as the command line gives it."""

    shares: list[ShareShape]
    pins: dict[str, Any] = Field(
        description="What the panel had fixed: a file for --fix, and what was trimmed."
    )
    answer: dict[str, Any] | None = Field(
        description="As `aliquot allocate --json` answers, but for the seconds."
    )


class PlanPublished(Schema):
    """What of a concluded call's plan is published; instance, pins and answer where the policy publishes it whole."""

    call: str
    input_sha256: str
    status: str
    merit: int
    bound: int = Field(description="No plan has more merit.")
    handling: int
    used_up_ug: int
    command: str
    software: dict[str, str]
    instance: dict[str, Any] | None
    pins: dict[str, Any] | None
    answer: dict[str, Any] | None
