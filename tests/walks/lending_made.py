"""What was before a loan begins, in a copy of the demonstration: `lending_made.py HOME`.

A request from abroad is granted and promised two pieces; the rest of the story is done by hand. Answers with JSON: where to
sign in as whom, and the key of the request. Everybody here is made up and says so.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from aliquot.cli.home import load

MG = 10**6
PROMISED = 100 * MG


def main(home: str) -> None:
    load(Path(home))
    from django.utils import timezone

    from aliquot.site import queries
    from aliquot.site.models import Request
    from aliquot.site.operations import commitments, demonstration, equipment, people

    at = timezone.now()
    of_abroad = Request.objects.filter(lead__email="applicant-1@demo.invalid", submitted_at__isnull=False)
    asked = of_abroad.exclude(state="granted").latest("pk")  # what a call granted has its promises already
    Request.objects.filter(pk=asked.pk).update(state="granted")
    commitments.promise(
        "lot:ce5", mass_ng=PROMISED, basis=queries.promises.basis(asked, 1), by=asked.lead.key, at=at
    )
    balance = equipment.keep_instrument(
        "BAL-9", kind="balance", name_en="Balance of the walk", name_zh="演练天平"
    )
    equipment.calibrate(
        balance, "BAL-9-1", sd="1 µg", by=queries.people.by_email("curator@demo.invalid").key, at=at
    )
    links = dict(demonstration.sign_in_links(at=at))
    links["borrower"] = people.make_sign_in_link(asked.lead, at=at, days=1)
    told = {"request": asked.key, "links": {word: f"/sign-in/{token}/" for word, token in links.items()}}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
