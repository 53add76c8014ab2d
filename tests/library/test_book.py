"""Books on paper: printed and read back without loss, and every bad book's fault named by its line."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import histories
import makers
from aliquot import book, invariants, ledger
from aliquot.ledger import Entry, Kind, Posting, Use
from makers import a_book, a_kept_book, faults

GUIDE = Path(__file__).parents[2] / "docs" / "ledger.md"

SOUND = ("a-second-has-parts", "every-kind", "great-scott", "new-generic", "other-scripts")

# What is wrong with each badly written book of tests/books, and where.
BADLY_WRITTEN: dict[str, list[str]] = {
    "a-remark": [
        "line 9: the “entry” line is missing or malformed",
        "line 10: the “at” line is missing or malformed",
        "line 11: the “kind” line is missing or malformed",
        "line 12: the “by” line is missing or malformed",
        "line 13: “by person:17” is not a line of an entry",
    ],
    "another-space": [
        "line 13: “post rock\\u1680 origin:example-mission -1” is not a line of an entry",
        "line 14: “post rock\\u1680 place:vault 1” is not a line of an entry",
    ],
    "beyond-64-bits": [
        "line 13: “post rock-2 origin:example-mission -9223372036854775808” is not a line of an entry",
        "line 14: “post rock-2 place:vault 9223372036854775808” is not a line of an entry",
    ],
    "called-sealed": [
        "line 15: “use rock-1 sealed” is not a line of an entry",
    ],
    "carriage-returns": [
        "line 9: the line has a character that cannot be seen",
        "line 10: the line has a character that cannot be seen",
        "line 11: the line has a character that cannot be seen",
        "line 12: the line has a character that cannot be seen",
        "line 13: the line has a character that cannot be seen",
        "line 14: the line has a character that cannot be seen",
    ],
    "endless-number": [
        "line 9: the “entry” line is missing or malformed",
    ],
    "escape-sequence": [
        "line 15: the line has a character that cannot be seen",
    ],
    "fullwidth-digits": [
        "line 13: “post rock-1 place:vault -１” is not a line of an entry",
        "line 14: “post rock-1 place:shelf-2 １” is not a line of an entry",
    ],
    "grams": [
        "line 13: “post rock-1 place:vault -1.5” is not a line of an entry",
        "line 14: “post rock-1 place:shelf-2 1.5” is not a line of an entry",
    ],
    "header-alone": [
        "line 10: the “at” line is missing or malformed",
        "line 11: the “kind” line is missing or malformed",
        "line 12: the “by” line is missing or malformed",
    ],
    "header-upside-down": [
        "line 10: the “at” line is missing or malformed",
        "line 11: the “kind” line is missing or malformed",
    ],
    "kind-in-capitals": [
        "line 11: the “kind” line is missing or malformed",
    ],
    "leading-zero": [
        "line 13: “post rock-1 place:vault -01” is not a line of an entry",
        "line 14: “post rock-1 place:shelf-2 01” is not a line of an entry",
    ],
    "no-mass": [
        "line 13: “post rock-1 place:vault 0” is not a line of an entry",
        "line 14: “post rock-1 place:shelf-2 0” is not a line of an entry",
    ],
    "no-such-kind": [
        "line 11: “sell” is not a kind of entry",
    ],
    "not-nfc": [
        "line 13: the line is not in Unicode's form NFC",
        "line 14: the line is not in Unicode's form NFC",
    ],
    "not-utf-8": [
        "line 15: the line is not UTF-8",
    ],
    "plus-sign": [
        "line 14: “post rock-1 place:shelf-2 +1000000000” is not a line of an entry",
    ],
    "posting-too-late": [
        "line 14: a “post” line stands too late",
        "line 15: a “post” line stands too late",
    ],
    "reversed-reading": [
        "line 15: the line has a character that cannot be seen",
    ],
    "space-at-the-end": [
        "line 13: “post rock-1 place:vault -1 ” is not a line of an entry",
    ],
    "tab": [
        "line 13: the line has a character that cannot be seen",
    ],
    "too-long": [
        "line 9: the entry is longer than 65535 bytes",
    ],
    "two-empty-lines": [
        "line 9: there is an empty line too many",
    ],
    "two-spaces": [
        "line 13: “post rock-1  place:vault -1” is not a line of an entry",
    ],
    "zero-width": [
        "line 13: the line has a character that cannot be seen",
        "line 14: the line has a character that cannot be seen",
    ],
}

# What is wrong with each book that is well written but not sound.
UNSOUND: dict[str, list[str]] = {
    "class-of-another": [
        "line 15: rock-2 has a class of use here but no posting",
    ],
    "corrects-itself": [
        "line 15: the correction does not name an earlier entry",
    ],
    "corrects-nothing": [
        "line 15: the correction does not name an earlier entry",
    ],
    "corrects-without-a-word": [
        "line 14: the correction does not name an earlier entry",
    ],
    "daughter-elsewhere": [
        "line 14: rock-1,1 comes to loan:bo-1, where its parent was not",
    ],
    "daughter-of-sealed-is-given": [
        "line 21: rock-1,1 is sealed and cannot come to given:gift-1",
    ],
    "daughters-make-more": [
        "line 11: the postings sum to 200000000 ng, not to zero",
    ],
    "endless-reference": [
        "line 15: the correction does not name an earlier entry",
    ],
    "first-is-not-zero": [
        "line 1: entry 1 stands where entry 0 is due",
    ],
    "gap": [
        "line 9: entry 2 stands where entry 1 is due",
    ],
    "gift-comes-back": [
        "line 20: return never takes mass from given:gift-1",
    ],
    "half-a-second-back": [
        "line 10: 2026-03-14T09:00:00Z is before the entry before it, 2026-03-14T09:00:00.5Z",
    ],
    "local-time": [
        "line 10: “2026-03-14T17:01:00+08:00” is not a time in UTC",
    ],
    "loss-of-the-unborn": [
        "line 15: the loss of a split is posted to rock-1,1, which did not exist before",
    ],
    "mixed-with-sealed-is-given": [
        "line 30: pot-1 is sealed and cannot come to given:gift-1",
    ],
    "more-than-is-there": [
        "line 20: place:vault would hold -1 ng of rock-1, that is 1 ng too little",
    ],
    "moves-nothing": [
        "line 11: the entry moves no mass",
    ],
    "name-that-weighs": [
        "line 11: renumber changes what place:vault holds by -5000000000 ng",
        "line 11: renumber changes what place:shelf-2 holds by 5000000000 ng",
    ],
    "no-daughter": [
        "line 11: split makes 0 samples",
    ],
    "no-place-in-particular": [
        "line 14: “place:” is not a holder",
    ],
    "no-such-day": [
        "line 10: “2026-04-31T09:00:00Z” is not a time in UTC",
    ],
    "no-such-holder": [
        "line 14: “pocket:ada” is not a holder",
    ],
    "not-zero": [
        "line 11: the postings sum to -1 ng, not to zero",
        "line 11: move changes the mass of rock-1 by -1 ng",
    ],
    "number-taken": [
        "line 21: the number rock-1,1 is taken",
    ],
    "one-rock-becomes-another": [
        "line 11: move changes the mass of rock-1 by -1000000000 ng",
        "line 11: move changes the mass of rock-2 by 1000000000 ng",
    ],
    "out-of-nowhere": [
        "line 13: move never takes mass from origin:example-mission",
    ],
    "past-drift-in-company": [
        "line 11: adjust moves rock-1 from holder to holder, past drift:",
    ],
    "past-drift": [
        "line 11: adjust moves rock-1 from holder to holder, past drift:",
    ],
    "renamed-sealed-is-given": [
        "line 21: rock-9 is sealed and cannot come to given:gift-1",
    ],
    "repeated": [
        "line 16: entry 1 stands where entry 2 is due",
    ],
    "sealed-by-a-borrower": [
        "line 15: ship cannot change a class of use",
    ],
    "sealed-is-consumed": [
        "line 14: rock-1 is sealed and cannot come to spent:consumption",
    ],
    "record-moves-mass": [
        "line 5: record never takes mass from origin:m",
        "line 6: record never brings mass to place:vault",
    ],
    "record-out-of-step": [
        "line 12: it records step 3 of claim-1 where step 2 is due",
    ],
    "record-twice": [
        "line 12: it records step 1 of claim-1 where step 2 is due",
    ],
    "record-without-a-hash": [
        "line 5: the entry does not cite a step of the register with its hash",
    ],
    "sealed-is-given": [
        "line 14: rock-1 is sealed and cannot come to given:gift-1",
    ],
    "sealed-is-lent": [
        "line 21: rock-1 is sealed and cannot come to loan:bo-1",
    ],
    "spent-on-lunch": [
        "line 14: “spent:lunch” is not a holder",
    ],
    "swapped": [
        "line 9: entry 2 stands where entry 1 is due",
        "line 16: entry 1 stands where entry 3 is due",
    ],
    "time-runs-back": [
        "line 10: 2026-03-14T08:59:59Z is before the entry before it, 2026-03-14T09:00:00Z",
    ],
    "too-heavy": [
        "line 13: place:vault would hold -200000000 ng of rock-1, that is 200000000 ng too little",
    ],
    "two-pots": [
        "line 11: combine makes 2 samples",
    ],
    "unsealed-as-it-is-given": [
        "line 14: rock-1 is sealed and cannot come to given:gift-1",
    ],
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_book_has_no_fault(name: str) -> None:
    assert faults(a_kept_book(f"{name}.book")) == []


@pytest.mark.parametrize("name", [*BADLY_WRITTEN, *UNSOUND])
def test_what_is_wrong_with_a_book_is_named_by_its_line(name: str) -> None:
    kept = a_kept_book(f"{name}.book")
    assert faults(kept) == {**BADLY_WRITTEN, **UNSOUND}[name]
    slowly, _ = makers.gone_through_slowly(kept)
    assert [f"{found.where}: {found.said}" for found in slowly] == faults(kept)


@pytest.mark.parametrize("name", BADLY_WRITTEN)
def test_a_badly_written_book_has_an_entry_that_is_not_read(name: str) -> None:
    texts = a_kept_book(f"{name}.book").decode("utf-8", "surrogateescape")[:-1].split("\n\n")
    assert any(isinstance(book.parse(f"{text}\n"), tuple) for text in texts)


def test_every_book_of_the_tests_is_told_of_here() -> None:
    assert {file.stem for file in makers.BOOKS.iterdir()} == {*SOUND, *BADLY_WRITTEN, *UNSOUND}


def test_a_fault_says_what_to_do() -> None:
    for name in (*BADLY_WRITTEN, *UNSOUND):
        for found in makers.gone_through(a_kept_book(f"{name}.book")).faults:
            assert found.advice
            assert str(found).isprintable()


def test_an_entry_is_read_from_its_lines() -> None:
    (entry,) = makers.read(
        a_book("""
        entry 0
        at 2026-03-14T09:30:00Z
        kind split
        by person:17
        post CE5C0400 place:a3 -1200000000
        post CE5C0400YJFM001 place:a3 1180000000
        post CE5C0400 spent:attrition 20000000
        use CE5C0400YJFM001 permanent sealed
        basis allocation:2026-1/17
        basis a letter of 3 May
        """)
    )
    assert entry == Entry(
        0,
        "2026-03-14T09:30:00Z",
        Kind.SPLIT,
        "person:17",
        (
            Posting("CE5C0400", "place:a3", -1_200_000_000),
            Posting("CE5C0400YJFM001", "place:a3", 1_180_000_000),
            Posting("CE5C0400", "spent:attrition", 20_000_000),
        ),
        (Use("CE5C0400YJFM001", "permanent", sealed=True),),
        ("allocation:2026-1/17", "a letter of 3 May"),
    )


def test_a_fault_is_told_with_the_line_of_the_whole_book() -> None:
    found = book.parse("entry 5\nat now\nkind move\nby person:17\n", line=701)
    assert isinstance(found, tuple)
    assert [each.where for each in found] == ["line 702"]


def test_an_entry_ends_in_a_line_feed() -> None:
    found = book.parse("entry 5\nat 2026-03-14T09:30:00Z\nkind move\nby person:17")
    assert isinstance(found, tuple)
    assert [f"{each.where}: {each.said}" for each in found] == ["line 4: the line does not end in LF"]


@pytest.mark.parametrize("length", [book.MAX_BYTES, book.MAX_BYTES + 1])
def test_an_entry_has_at_most_65535_bytes(length: int) -> None:
    start = "entry 5\nat 2026-03-14T09:30:00Z\nkind move\nby person:17\npost 月 place:a -1\npost 月 place:b 1\nbasis "
    text = start + "x" * (length - len(start.encode()) - 1) + "\n"
    assert len(text.encode()) == length
    assert isinstance(book.parse(text), Entry) == (length == book.MAX_BYTES)


@pytest.mark.parametrize(
    "text", ["", "\n", "\n\n\n", "\n" * 10**5, "entry", "\x00", "\ud800", "entry 0\n" * 10**4]
)
def test_what_is_no_entry_at_all_is_faults(text: str) -> None:
    found = book.parse(text)
    assert isinstance(found, tuple)
    assert found


# -- print and parse are inverse ---------------------------------------------------------------------------------

WORDS = st.one_of(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12),
    st.sampled_from(
        ["15555,880", "CE5C0400YJFM001", "post", "use", "basis", "sealed", "entry:0", "月壤", "-1", ":"]
    ),
).filter(lambda word: bool(re.fullmatch(book.WORD, word)) and unicodedata.is_normalized("NFC", f" {word} "))
MASSES_NG = st.integers(-(2**63) + 1, 2**63 - 1).filter(bool)
CLASSES = st.from_regex(book.USE_CLASS, fullmatch=True)
REFERENCES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
MOMENTS = st.datetimes().map(lambda at: f"{at.year:04d}{at.isoformat()[at.isoformat().index('-') :]}Z")
ENTRIES = st.builds(
    Entry,
    index=st.integers(0, 10**18 - 1),
    at=MOMENTS,
    kind=st.sampled_from(Kind),
    by=WORDS,
    postings=st.lists(st.builds(Posting, WORDS, WORDS, MASSES_NG), max_size=6).map(tuple),
    uses=st.lists(st.builds(Use, WORDS, CLASSES, st.booleans()), max_size=3).map(tuple),
    basis=st.lists(REFERENCES, max_size=3).map(tuple),
)


@given(ENTRIES)
def test_what_is_printed_is_read_back(entry: Entry) -> None:
    assert book.parse(book.text(entry)) == entry


@given(histories.seeded_histories(most=40))
def test_a_history_is_printed_and_read_back(entries: list[Entry]) -> None:
    assert makers.read(makers.a_book_of(entries)) == entries


@settings(max_examples=300)
@given(histories.spoiled_books(most=12))
def test_what_is_read_is_printed_back(kept: bytes) -> None:
    for text in kept.decode("utf-8", "surrogateescape").split("\n\n"):
        entry = book.parse(f"{text}\n")
        if isinstance(entry, Entry):
            assert book.text(entry) == f"{text}\n"


LINES = st.lists(
    st.one_of(
        st.from_regex(r"(post|use|basis)( [!-~]{1,6}){1,4}", fullmatch=True),
        st.text(max_size=20),
        st.builds("post {} {} {}".format, WORDS, WORDS, MASSES_NG),
        st.builds("use {} {}{}".format, WORDS, CLASSES, st.sampled_from(["", " sealed", " sealed sealed"])),
        st.builds("basis {}".format, st.text(max_size=9)),
    ),
    max_size=5,
)


@settings(max_examples=150)
@given(LINES)
def test_whatever_lines_are_read_are_printed_back(lines: list[str]) -> None:
    text = "\n".join(["entry 5", "at 2026-03-14T09:30:00Z", "kind move", "by person:17", *lines]) + "\n"
    entry = book.parse(text)
    if isinstance(entry, Entry):
        assert book.text(entry) == text
    else:
        assert all(re.fullmatch(r"line [0-9]+", found.where) for found in entry)


@given(st.text())
def test_any_text_is_an_entry_or_faults(text: str) -> None:
    assert isinstance(book.parse(text), tuple)


@given(st.characters())
def test_no_word_and_no_line_has_a_character_that_cannot_be_seen(character: str) -> None:
    seen = unicodedata.category(character) not in ("Cc", "Cs", "Cf", "Zl", "Zp")
    if re.fullmatch(book.WORD, character):
        assert not character.isspace()
        assert seen or character in PREPENDED
    if isinstance(
        book.parse(f"entry 0\nat 2026-03-14T09:30:00Z\nkind move\nby a\nbasis a{character}b\n"), Entry
    ):
        assert seen or character in PREPENDED


# Marks of format that show: signs before a number in Arabic, Syriac and Kaithi, and those of other scripts' layout.
PREPENDED = "".join(
    c
    for c in map(chr, range(0x110000))
    if unicodedata.category(c) == "Cf" and not re.match(f"[{book.UNSEEN}]", c)
)


def test_the_only_marks_of_format_that_may_stand_in_a_book_are_those_that_show() -> None:
    blocks = {unicodedata.name(c).split()[0] for c in PREPENDED}
    assert blocks <= {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "SHORTHAND"}


def test_a_book_is_its_entries_with_an_empty_line_between_them() -> None:
    assert "".join(book.book(["entry 0\n", "entry 1\n", "entry 2\n"])) == "entry 0\n\nentry 1\n\nentry 2\n"
    assert "".join(book.book([])) == ""


# -- the guide ----------------------------------------------------------------------------------------------------


def test_the_examples_of_the_guide_are_one_sound_book_of_every_kind() -> None:
    texts = re.findall(r"^```text\n(entry .*?)```$", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert "\n".join(texts).encode() == a_kept_book("every-kind.book")
    entries = makers.read(a_kept_book("every-kind.book"))
    assert histories.kinds(entries) == set(Kind)


def test_the_guide_explains_every_kind_every_holder_and_every_invariant() -> None:
    guide = GUIDE.read_text("utf-8")
    for kind in Kind:
        assert f"### {kind.value}\n" in guide
    for root in ledger.ROOTS - {"spent"}:
        assert f"`{root}:`" in guide
    for holder in ledger.SPENT:
        assert f"`{holder}`" in guide
    for name in dir(invariants):
        if name.startswith("check_"):
            assert f"`{name}`" in guide
