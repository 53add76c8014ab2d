"""What an amendment changed: each field as it was and as it is."""

from __future__ import annotations

from dataclasses import replace

from tests.library.access_worlds import CLOSES, GRACE, a_call

from aliquot import call_changes
from aliquot.call_changes import Change, OfferChange
from aliquot.calls import Offer


def test_only_what_differs_is_told() -> None:
    before = a_call()
    assert call_changes.between(before, before) == ()
    assert call_changes.offers(before, before) == ()
    after = replace(before, closes=CLOSES + GRACE, countries=("FR",))
    assert call_changes.between(before, after) == (
        Change("countries", (), ("FR",)),
        Change("closes", CLOSES, CLOSES + GRACE),
    )


def test_the_list_is_compared_sample_by_sample() -> None:
    before = a_call()
    powder, other, mount = before.offers
    more = replace(powder, mass_ng=powder.mass_ng + 1)
    new = Offer("N-1", 5, "powder")
    after = replace(before, offers=(more, mount, new))
    assert call_changes.offers(before, after) == (
        OfferChange("P-1", powder, more),
        OfferChange("N-1", None, new),
        OfferChange("P-2", other, None),
    )
