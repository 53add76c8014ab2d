"""What a borrower answers for: from postings alone, in whatever order things come back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot import accountability, acts, invariants
from aliquot.accountability import Counted, Direction, Line
from aliquot.ledger import ATTRITION, CONSUMPTION, Entry, Holdings, Posting, Stamp

MG = 10**6
STORE, LOAN, MISSING, OTHER = "place:vault", "loan:a", "missing:a", "loan:b"
VIALS = tuple(f"P-1,{i}" for i in range(1, 6))


@dataclass
class Book:
    """A ledger in memory; whatever may not stand is our own mistake."""

    held: Holdings = field(default_factory=Holdings)
    entries: list[Entry] = field(default_factory=list)

    def write(self, make: object, *args: object, **told: object) -> None:
        stamp = Stamp(
            len(self.entries),
            f"2026-01-01T{len(self.entries) // 60:02d}:{len(self.entries) % 60:02d}:00Z",
            "person:1",
        )
        entry = make(stamp, *args, **told)  # type: ignore[operator]
        assert invariants.check(entry, self.held) == ()
        self.held.apply(entry)
        self.entries.append(entry)

    def account(self, **ways: Direction) -> dict[str, Line]:
        parcels = {f"transit:{key}": way for key, way in ways.items()}
        return accountability.statement(self.entries, loan=LOAN, parcels=parcels, missing=MISSING)


def lent(masses_ng: Iterable[int]) -> Book:
    """Return the book of a loan of vials that arrived in one parcel."""
    book = Book()
    vials = dict(zip(VIALS, masses_ng, strict=False))
    book.write(acts.receive, vials, origin="origin:m", place=STORE)
    for vial, ng in vials.items():
        book.write(acts.ship, vial, source=STORE, transit="transit:out", mass_ng=ng)
    for vial, ng in vials.items():
        book.write(acts.deliver, vial, transit="transit:out", target=LOAN, mass_ng=ng)
    return book


def test_the_account_of_a_loan_is_that_of_the_return_form() -> None:
    book = lent([20 * MG])
    book.write(acts.consume, VIALS[0], source=LOAN, fate=CONSUMPTION, mass_ng=5 * MG)
    book.write(acts.consume, VIALS[0], source=LOAN, fate=ATTRITION, mass_ng=1 * MG)
    book.write(acts.ship, VIALS[0], source=LOAN, transit="transit:on", mass_ng=4 * MG)
    book.write(acts.deliver, VIALS[0], transit="transit:on", target=OTHER, mass_ng=4 * MG)
    book.write(acts.give_back, VIALS[0], source=LOAN, target=STORE, mass_ng=3 * MG)
    line = book.account(out=Direction.OUT, on=Direction.ONWARD)[VIALS[0]]
    assert (line.issued_ng, line.used_ng, line.transferred_ng, line.returned_ng) == (
        20 * MG,
        6 * MG,
        4 * MG,
        3 * MG,
    )
    assert (line.accountable_ng, line.held_ng, line.unexplained_ng) == (7 * MG, 7 * MG, 0)
    other = accountability.statement(
        book.entries, loan=OTHER, parcels={"transit:on": Direction.INWARD}, missing="missing:b"
    )
    assert (other[VIALS[0]].received_ng, other[VIALS[0]].accountable_ng) == (4 * MG, 4 * MG)


def test_a_split_on_loan_goes_over_to_its_daughters() -> None:
    book = lent([20 * MG])
    cuts = [Posting("P-1,1a", LOAN, 12 * MG), Posting("P-1,1b", LOAN, 7 * MG)]
    book.write(acts.split, VIALS[0], cuts=cuts, attrition_ng=1 * MG, source=LOAN)
    found = book.account(out=Direction.OUT)
    assert [found[s].accountable_ng for s in (VIALS[0], "P-1,1a", "P-1,1b")] == [0, 12 * MG, 7 * MG]
    assert found[VIALS[0]].attrition_ng == MG


def test_what_is_lost_on_the_way_is_known_to_be_lost_wherever_it_went() -> None:
    book = lent([20 * MG, 10 * MG])
    for vial, key in ((VIALS[0], "back"), (VIALS[1], "on")):
        ng = book.held.balance(vial, LOAN)
        book.write(acts.ship, vial, source=LOAN, transit=f"transit:{key}", mass_ng=ng)
        book.write(acts.lose, vial, source=f"transit:{key}", missing=MISSING, mass_ng=ng)
    found = book.account(out=Direction.OUT, back=Direction.BACK, on=Direction.ONWARD)
    assert [(one.lost_ng, one.transferred_ng, one.unexplained_ng) for one in found.values()] == [
        (20 * MG, 0, 0), (10 * MG, 0, 0)]  # fmt: skip
    book.write(acts.find, VIALS[0], missing=MISSING, target=STORE, mass_ng=20 * MG)
    book.write(acts.find, VIALS[1], missing=MISSING, target=LOAN, mass_ng=10 * MG)
    found = book.account(out=Direction.OUT, back=Direction.BACK, on=Direction.ONWARD)
    assert (found[VIALS[0]].returned_ng, found[VIALS[0]].accountable_ng) == (20 * MG, 0)
    assert (found[VIALS[1]].held_ng, found[VIALS[1]].accountable_ng) == (10 * MG, 10 * MG)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["back", "arrive", "bring", "use", "lose", "find", "drift"]),
        st.integers(0, 4),
        st.integers(1, 100),
    ),
    max_size=40,
)


@settings(max_examples=200)
@given(st.lists(st.integers(1, 50 * MG), min_size=1, max_size=5), STEPS)
def test_returns_reconcile_in_any_order_and_any_parts(
    masses_ng: list[int], steps: list[tuple[str, int, int]]
) -> None:
    """Partly, by item, in several parcels, lost and found between: what is answered for is always somewhere."""
    book, ways = lent(masses_ng), {"out": Direction.OUT}
    for number, (what, which, percent) in enumerate(steps):
        vial = VIALS[which % len(masses_ng)]
        _step(book, ways, what, vial, percent, f"p{number}")
        found = book.account(**ways)
        assert all(line.unexplained_ng == 0 for line in found.values())
    _bring_home(book, ways)
    for vial, issued_ng in zip(VIALS, masses_ng, strict=False):
        line = book.account(**ways)[vial]
        assert (line.issued_ng, line.accountable_ng, line.held_ng, line.under_way_ng, line.lost_ng) == (
            issued_ng,
            0,
            0,
            0,
            0,
        )
        assert line.returned_ng == issued_ng - line.used_ng + line.drift_ng == book.held.balance(vial, STORE)


def _step(book: Book, ways: dict[str, Direction], what: str, vial: str, percent: int, key: str) -> None:
    there_ng = book.held.balance(vial, LOAN)
    some_ng = max(there_ng * percent // 100, 1)
    lost_ng = book.held.balance(vial, MISSING)
    under_way = [(f"transit:{p}", ng) for p in ways if (ng := book.held.balance(vial, f"transit:{p}"))]
    if what == "arrive" and under_way:
        transit, ng = under_way[percent % len(under_way)]
        book.write(acts.give_back, vial, source=transit, target=STORE, mass_ng=ng)
    elif what == "find" and lost_ng:
        book.write(acts.find, vial, missing=MISSING, target=(LOAN, STORE)[percent % 2], mass_ng=lost_ng)
    elif there_ng == 0:
        return
    elif what == "back":
        ways[key] = Direction.BACK
        book.write(acts.ship, vial, source=LOAN, transit=f"transit:{key}", mass_ng=some_ng)
    elif what == "bring":
        book.write(acts.give_back, vial, source=LOAN, target=STORE, mass_ng=some_ng)
    elif what == "use":
        book.write(
            acts.consume, vial, source=LOAN, fate=(CONSUMPTION, ATTRITION)[percent % 2], mass_ng=some_ng
        )
    elif what == "lose":
        book.write(acts.lose, vial, source=LOAN, missing=MISSING, mass_ng=some_ng)
    elif what == "drift":
        book.write(
            acts.adjust, vial, holder=LOAN, drift="drift:a", gain_ng=some_ng if percent % 2 else -some_ng
        )


def _bring_home(book: Book, ways: dict[str, Direction]) -> None:
    for posting in list(book.held.balances()):
        if posting.holder == MISSING:
            book.write(acts.find, posting.sample, missing=MISSING, target=STORE, mass_ng=posting.mass_ng)
        elif posting.holder == LOAN or posting.holder.startswith("transit:"):
            book.write(
                acts.give_back, posting.sample, source=posting.holder, target=STORE, mass_ng=posting.mass_ng
            )


# -- what is told ----------------------------------------------------------------------------------------------


def said(found: object) -> list[str]:
    return [one.where for one in found]  # type: ignore[attr-defined]


def test_an_inventory_speaks_of_every_sample_once() -> None:
    held = ("A", "B")
    assert not list(
        accountability.check_inventory([Counted("A", "have"), Counted("B", "cannot find", "In May.")], held)
    )
    wrong = [Counted("A", "have"), Counted("A", "gone"), Counted("C", "cannot find")]
    assert said(accountability.check_inventory(wrong, held)) == [
        "lines[1]",
        "lines[1]",
        "lines[2]",
        "lines[2]",
        "lines",
    ]


def test_findings_are_where_an_inventory_and_the_book_disagree() -> None:
    book = {"A": Line("A", issued_ng=5, held_ng=5), "B": Line("B", issued_ng=5, consumed_ng=5)}
    told = [Counted("A", "have", "", 5), Counted("B", "consumed")]
    assert accountability.findings(told, book) == ()
    told = [Counted("A", "returned"), Counted("B", "have"), Counted("C", "cannot find", "x")]
    assert said(accountability.findings(told, book)) == ["A", "B", "C"]
    assert said(accountability.findings([Counted("A", "have", "", 4)], book)) == ["A"]


@pytest.mark.parametrize(
    ("told", "faulty"),
    [
        ({}, []), ({"fate": "eaten"}, ["fate"]), ({"mass_ng": 0}, ["mass"]), ({"mass_ng": 11}, ["mass"]),
        ({"mass_ng": 6}, ["reason"]), ({"mass_ng": 6, "reason": "It fell."}, []),
    ],
)  # fmt: skip
def test_consumption_is_held_against_what_is_there_and_what_was_approved(
    told: dict[str, object], faulty: list[str]
) -> None:
    usual = {"fate": "analysis", "mass_ng": 5, "held_ng": 10, "used_ng": 0, "approved_ng": 5, "reason": ""}
    assert said(accountability.check_consumption(**(usual | told))) == faulty  # type: ignore[arg-type]


def test_a_difference_is_explained_beyond_what_both_weighings_allow() -> None:
    """Uncertainties combine in quadrature: 3 and 4 give 5, and twice that is allowed."""
    within = accountability.verify(weighed_ng=110, weighed_sd_ng=3, book_ng=100, book_sd_ng=4)
    assert (within.gap_ng, within.tolerance_ng, within.agrees) == (10, 10, True)
    assert said(accountability.check_explained(within, explanation="drift", reason="")) == ["explanation"]
    less = accountability.verify(weighed_ng=89, weighed_sd_ng=3, book_ng=100, book_sd_ng=4)
    assert said(accountability.check_explained(less, explanation="", reason="")) == ["explanation", "reason"]
    assert not list(accountability.check_explained(less, explanation="missing", reason="A crumb."))
    more = accountability.verify(weighed_ng=111, weighed_sd_ng=3, book_ng=100, book_sd_ng=4)
    assert said(accountability.check_explained(more, explanation="consumed", reason="x")) == ["explanation"]
