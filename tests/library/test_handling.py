"""What is told of an act, what it does, whether it adds up: values alone, whatever is typed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import handling, invariants, mass, policy
from aliquot.fault import Fault
from aliquot.handling import COUNTED, KINDS, Field, Known, Piece, Plan, Told, Type, Values
from aliquot.handling import closing as closings
from aliquot.handling.closing import Closing
from aliquot.handling.keeping import undone
from aliquot.handling.known import Exposed, Gear, Spot, inherited
from aliquot.handling.planning import existing, sealed, taken_ng
from aliquot.ledger import RESHAPING, Holdings, Kind, Posting, Use
from aliquot.weighings import COVERAGE, combined_sd_ng
from makers import MISSION, SHELF, VAULT, a_receipt, a_stamp, holdings, ng

CNSA = policy.load("cnsa")


def known_of(*pieces: Piece, **more: object) -> Known:
    """Return a small world: these samples, a vault and a shelf, a balance that is sure to a microgram."""
    return replace(
        Known(
            pieces={piece.number: piece for piece in pieces},
            spots={VAULT: Spot(VAULT), SHELF: Spot(SHELF)},
            tools={},
            instruments={"b": Gear("b", "balance", calibration="b/1", sd_ng=1_000)},
            holders=frozenset(),
            people=frozenset({"person:2"}),
            batches=frozenset(),
            policy=CNSA,
            by="person:1",
            at="2026-03-14T10:00:00Z",
        ),
        **more,
    )


def a_piece(number: str = "rock-1", weighs: str = "5 g", **more: object) -> Piece:
    return replace(Piece(number, held_ng={MISSION: -ng(weighs), VAULT: ng(weighs)}), **more)


def told_of(kind: str, **told: object) -> Told:
    found = handling.read(kind, told)
    assert isinstance(found, Told), found
    return found


def faults(kind: str, told: object) -> dict[str, str]:
    found = handling.read(kind, told)
    assert not isinstance(found, Told)
    return {one.where: one.said for one in found}


# -- the table -----------------------------------------------------------------------------------------------


def every_field() -> list[tuple[str, Field]]:
    own = [(act.kind, field) for act in KINDS.values() for field in act.fields]
    return own + [(kind, column) for kind, field in own for column in field.columns]


@pytest.mark.parametrize("act", KINDS.values(), ids=lambda act: act.kind)
def test_an_act_says_each_thing_once_and_of_a_group_that_there_is(act: handling.Act) -> None:
    names = [field.name for field in act.fields]
    assert len(set(names)) == len(names)
    assert act.group in {group.word for group in handling.GROUPS}
    assert {"at", "second", "place", "reason", "note"} <= set(names)
    assert ("basis" in names) == bool(act.ledger)


def test_a_field_has_what_its_type_wants_and_nothing_else() -> None:
    for kind, field in every_field():
        assert bool(field.choices) == (field.type is Type.CHOICE), (kind, field.name)
        assert bool(field.columns) == (field.type is Type.LINES), (kind, field.name)
        assert not field.unit or field.type is Type.NUMBER, (kind, field.name)
        assert field.label == field.label.strip() != "", (kind, field.name)
        assert all(column.type is not Type.LINES for column in field.columns)


# -- reading -------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def tellings(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """What somebody, or some program, might send: right names and wrong ones, right values and anything."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    names = [field.name for field in KINDS[kind].fields]
    values = JSON | st.sampled_from(["1 g", "T-1", "T-1\t1 g\nT-2\t2 g", "2026-03-14T09:30Z", "none", "air", "5", "place:vault"])  # fmt: skip
    return kind, draw(st.dictionaries(st.sampled_from(names) | st.text(max_size=6), values, max_size=8))


@given(tellings())
def test_reading_gives_all_of_it_or_what_is_wrong_and_never_a_half(
    telling: tuple[str, dict[str, object]],
) -> None:
    kind, told = telling
    found = handling.read(kind, told)
    if isinstance(found, Told):
        wanted = {field.name for field in KINDS[kind].fields if field.required}
        assert wanted <= found.of.keys() <= {field.name for field in KINDS[kind].fields}
        list(handling.mentions(found))
    else:
        assert found
        assert all(isinstance(one, Fault) and str(one).isprintable() for one in found)


@given(st.sampled_from(sorted(KINDS)), JSON)
def test_what_is_no_object_with_fields_is_at_fault(kind: str, told: object) -> None:
    if not isinstance(told, dict):
        assert faults(kind, told).keys() == {"told"}


def test_every_fault_of_a_table_is_told_with_its_row_and_column() -> None:
    cuts = [{"number": "a", "mass": "1 g"}, {}, {"number": "b c", "mass": "1"}, {"number": "a", "mass": "2 g", "form": "cloud", "x": "1"}]  # fmt: skip
    at_fault = faults("split", {"cuts": cuts, "loss": "-1 g"})
    assert at_fault.keys() == {
        "parent", "cuts[2].number", "cuts[2].mass", "cuts[3].number", "cuts[3].form", "cuts[3].x", "loss"
    }  # fmt: skip
    assert at_fault["cuts[2].mass"] == "“1” has no unit"


ROWS = st.lists(
    st.tuples(st.from_regex(r"[A-Z]{1,3}[0-9]{1,5}(,[0-9]{1,3})?", fullmatch=True), st.integers(1, 10**12)),
    min_size=1, max_size=12, unique_by=lambda row: row[0],
)  # fmt: skip


@given(ROWS, st.sampled_from("\t,"), st.booleans(), st.booleans())
def test_a_pasted_table_is_the_same_rows(
    rows: list[tuple[str, int]], parted: str, head: bool, crlf: bool
) -> None:
    def cell(text: str) -> str:
        return f'"{text}"' if parted in text else text

    lines = [parted.join((cell(number), mass.show(ng_, ""))) for number, ng_ in rows]
    lines = [f"Number{parted}mass", *lines] if head else lines
    text = ("\r\n" if crlf else "\n").join(lines)
    listed = [{"number": number, "mass": mass.show(ng_, "")} for number, ng_ in rows]
    assert told_of("split", parent="P", cuts=text).rows("cuts") == told_of(
        "split", parent="P", cuts=listed
    ).rows("cuts")


def test_a_head_may_name_the_columns_in_any_order() -> None:
    told = told_of("split", parent="P", cuts="mass,form,number\n1 g,Powder,a\n\n2 g,,b\n")
    assert [(row.text("number"), row.mass_ng("mass"), row.text("form")) for row in told.rows("cuts")] == [
        ("a", ng("1 g"), "powder"), ("b", ng("2 g"), "")]  # fmt: skip


@pytest.mark.parametrize(
    ("cuts", "where", "said"),
    [
        ("15555,880,1 g", "cuts[0].mass", "has no unit"),
        ("a\t1 g\t\t\t\t\t\t\t\t\t9", "cuts", "more cells"),
        ('a,"1 g', "cuts", "quotation mark"),
        ("number\tmass", "cuts", "nothing is told"),
        ("\n".join(f"a{i}\t1 g" for i in range(1001)), "cuts", "more than 1000 rows"),
        (7, "cuts", "not a list of rows"),
        (["a"], "cuts", "not a list of rows"),
    ],
)
def test_a_table_that_cannot_be_read_is_told(cuts: object, where: str, said: str) -> None:
    assert said in faults("split", {"parent": "P", "cuts": cuts})[where]


@pytest.mark.parametrize(
    ("text", "read"),
    [("2026-03-14T09:30", "2026-03-14T09:30:00Z"), ("2026-03-14 17:30:05+08:00", "2026-03-14T09:30:05Z"),
     ("2026-03-14T09:30:00.5Z", "2026-03-14T09:30:00Z")],
)  # fmt: skip
def test_a_moment_is_kept_in_utc(text: str, read: str) -> None:
    assert told_of("clean", batch="B", tools="T", method="m", at=text).text("at") == read


@pytest.mark.parametrize(
    "text", ["2026-02-30T09:30", "09:30", "2026-03-14", "0001-01-01T00:00+23:00", "2026-03-14T09:30+99:00"]
)
def test_what_is_no_moment_is_told(text: str) -> None:
    assert "not a moment" in faults("clean", {"batch": "B", "tools": "T", "method": "m", "at": text})["at"]


def test_names_are_told_once_in_a_list() -> None:
    assert faults("move", {"samples": "a\nb\na", "target": VAULT}).keys() == {"samples[2]"}
    assert told_of("move", samples=" a \n\n b", target=VAULT).names("samples") == ("a", "b")


# -- closing -------------------------------------------------------------------------------------------------

MASSES = st.integers(0, 10**13)
CLOSINGS = st.builds(Closing, MASSES, MASSES, st.none() | MASSES, st.lists(MASSES, max_size=4).map(tuple))


@given(CLOSINGS, st.sampled_from(["", "spilt"]))
def test_a_division_closes_within_what_the_balances_allow_or_with_a_reason(
    closing: Closing, reason: str
) -> None:
    found = list(closings.check(closing, reason=reason, where="parent"))
    if closing.left_ng is None:
        assert bool(found) == (closing.taken_ng > closing.book_ng)
    else:
        off_ng = closing.book_ng - closing.taken_ng - closing.left_ng
        allowed = abs(off_ng) <= COVERAGE * combined_sd_ng(*closing.sds_ng)
        assert bool(found) == (not allowed and not reason)


@given(CLOSINGS)
def test_after_a_division_the_book_has_what_was_seen_to_be_left(closing: Closing) -> None:
    after_ng = closing.book_ng + closing.drift_ng - closing.taken_ng
    if closing.left_ng is None:
        assert closing.drift_ng == 0
    elif closing.left_ng == 0:
        assert after_ng == 0
    else:
        assert after_ng >= 0
        assert abs(after_ng - closing.left_ng) <= closing.tolerance_ng


# -- what an act does ------------------------------------------------------------------------------------------


def after(plan: Plan, *before: object) -> Holdings:
    """Return who holds what after the entries of the act, each of which must be sound."""
    held = holdings(*before)
    for write in plan.writes:
        entry = write(a_stamp(held.size))
        assert invariants.check(entry, held) == ()
        held.apply(entry)
    return held


@given(
    st.lists(st.integers(1, 10**9), min_size=1, max_size=6),
    st.integers(0, 10**9),
    st.none() | st.integers(0, 10**10),
)
def test_a_split_that_is_planned_is_an_entry_that_may_stand(
    cuts_ng: list[int], loss_ng: int, left_ng: int | None
) -> None:
    told = {"parent": "rock-1", "cuts": [{"number": f"d{i}", "mass": f"{ng_} ng"} for i, ng_ in enumerate(cuts_ng)],
            "loss": f"{loss_ng} ng", "reason": "it fell"}  # fmt: skip
    told |= {} if left_ng is None else {"left": f"{left_ng} ng"}
    plan = handling.plan(told_of("split", **told), known_of(a_piece()))
    taken = sum(cuts_ng) + loss_ng
    if left_ng is None and taken > ng("5 g"):
        assert isinstance(plan, tuple)
        return
    assert isinstance(plan, Plan)
    held = after(plan, a_receipt())
    rest = held.balance("rock-1", VAULT)
    assert rest == (ng("5 g") - taken if left_ng is None else left_ng)
    assert [held.balance(f"d{i}", VAULT) for i in range(len(cuts_ng))] == cuts_ng
    assert sum(posting.mass_ng for posting in held.balances()) == 0


GRAPHS = st.lists(
    st.tuples(st.integers(0, 5), st.sets(st.integers(0, 5), min_size=1, max_size=3)), max_size=8
)


@given(GRAPHS, st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8)), max_size=6))
def test_a_daughter_has_every_exposure_of_all_that_it_was_made_from_each_once(
    makings: list[tuple[int, set[int]]], exposures: list[tuple[int, int]]
) -> None:
    """Six samples, each made from others or exposed, in whatever order; inheritance is what a walk of the graph says."""
    pieces = {str(i): Piece(str(i)) for i in range(6)}
    truth: dict[str, set[int]] = {number: set() for number in pieces}
    for turn, (heir, parents) in enumerate(makings):
        for root, (sample, when) in enumerate(exposures):
            if when == turn and root not in truth[str(sample)]:
                truth[str(sample)].add(root)
                own = pieces[str(sample)]
                pieces[str(sample)] = replace(own, exposures=(*own.exposures, Exposed(root, "air")))
        names = tuple(str(one) for one in parents if one != heir)
        truth[str(heir)] |= {root for name in names for root in truth[name]}
        new = inherited(str(heir), names, pieces, at="")
        pieces[str(heir)] = replace(pieces[str(heir)], exposures=(*pieces[str(heir)].exposures, *new))
    for number, piece in pieces.items():
        roots = [one.root for one in piece.exposures]
        assert sorted(roots) == sorted(truth[number])


def test_what_a_parent_met_after_its_daughter_was_made_is_its_own() -> None:
    early, late = Exposed(1, "air", "2026-03-14T09:00:00Z"), Exposed(2, "heat", "2026-03-14T09:00:01Z")
    pieces = {"p": Piece("p", exposures=(early, late))}
    assert inherited("d", ["p"], pieces, at="2026-03-14T09:00:00Z") == (early,)


@given(st.sampled_from(["1 g", "5 g"]), st.integers(0, 10**8))
def test_every_entry_can_be_undone_by_one_that_may_stand(cut: str, loss_ng: int) -> None:
    plan = handling.plan(
        told_of(
            "split",
            parent="rock-1",
            cuts=[{"number": "d", "mass": cut}],
            left="4 g",
            reason="r",
            loss=f"{loss_ng} ng",
        ),
        known_of(a_piece()),
    )
    assert isinstance(plan, Plan)
    held = holdings(a_receipt())
    for write in plan.writes:
        entry = write(a_stamp(held.size))
        held.apply(entry)
    before = held.balance("rock-1", VAULT) + ng(cut) + loss_ng
    pieces = [
        replace(a_piece(), held_ng=dict(held.held_ng["rock-1"])),
        Piece("d", held_ng=dict(held.held_ng["d"])),
    ]
    back = handling.plan(told_of("correct", entry=entry.index, reason="r"), known_of(*pieces, entry=entry))
    assert isinstance(back, Plan)
    correction = back.writes[0](a_stamp(held.size))
    assert invariants.check(correction, held) == ()
    held.apply(correction)
    assert held.balance("d", VAULT) == 0
    assert held.balance("rock-1", VAULT) == before


def test_undoing_a_move_is_the_move_turned_round() -> None:
    plan = handling.plan(told_of("move", samples="rock-1", target=SHELF), known_of(a_piece()))
    assert isinstance(plan, Plan)
    entry = plan.writes[0](a_stamp(1))
    assert entry.kind not in RESHAPING
    assert tuple(undone(entry)) == tuple(Posting(p.sample, p.holder, -p.mass_ng) for p in entry.postings)


def test_what_a_policy_seals_wants_approval_for_what_touches_it_alone() -> None:
    piece = a_piece(sealed=True)
    for kind, told in (
        ("split", {"parent": "rock-1", "cuts": "d\t1 g"}),
        ("expose", {"samples": "rock-1", "agent": "air"}),
        ("spectrum", {"samples": "rock-1", "instrument": "b", "technique": "x", "dose": "1 Gy"}),
    ):
        values = told_of(kind, **told)
        assert [one.name for one in sealed(values, known_of(piece))] == ["rock-1"]
        assert isinstance(handling.plan(values, known_of(piece)), tuple)
        assert isinstance(handling.plan(values, known_of(piece), approved=True), Plan)
        lax = known_of(piece, policy=replace(CNSA, sealed_approvals=0))
        assert isinstance(handling.plan(values, lax), Plan)
    free = told_of("weigh", sample="rock-1", balance="b", readings="5 g")
    assert isinstance(handling.plan(free, known_of(piece)), Plan)


def test_a_sealed_parent_seals_its_daughters_in_the_ledger() -> None:
    told = told_of("split", parent="rock-1", cuts="d\t1 g")
    plan = handling.plan(told, known_of(a_piece(sealed=True)), approved=True)
    assert isinstance(plan, Plan)
    held = after(plan, a_receipt(use=Use("rock-1", "permanent", sealed=True)))
    assert held.sealed == {"rock-1", "d"}


def test_the_mass_that_an_act_takes_is_what_was_told_of_it() -> None:
    told = told_of("split", parent="p", cuts="a\t1 g\nb\t2 g", fines="1 mg", fines_number="c", loss="2 mg")
    assert taken_ng(told) == ng("3.003 g")
    assert taken_ng(told_of("lose", sample="p", reason="r")) is None
    assert [one.name for one in existing(told)] == ["p"]


def test_values_are_asked_for_by_their_type() -> None:
    values = Values({"a": 1, "b": "x"})
    assert (values.mass_ng("a"), values.text("b"), values.names("c"), values.number("c")) == (
        1,
        "x",
        (),
        None,
    )
    for ask in (values.text, values.number, values.names, values.rows):
        with pytest.raises(AssertionError):
            ask("a")
    with pytest.raises(AssertionError):
        values.mass_ng("b")


def test_what_is_counted_is_a_form_that_there_is() -> None:
    assert {one.word for one in handling.FORMS} >= COUNTED
    assert Kind.SPLIT in KINDS["section"].ledger
