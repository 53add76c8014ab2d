"""What the clock gives rise to among results: an embargo that is about to end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from aliquot.site import queries
from aliquot.site.operations.notices import Telling


def embargoes_end(at: datetime) -> Iterator[Telling]:
    """Tell who keeps results back until when: two weeks before, once for each day that was set."""
    for one in queries.result_duties.embargo_ends(at.date()):
        whom = one.by.removeprefix("person:")
        until = str(one.embargo_until)
        yield Telling("embargo-ends", {int(whom)} if whom.isdigit() else set(), f"results:{one.key}", until,
                      {"paper": one.citation, "until": until})  # fmt: skip
