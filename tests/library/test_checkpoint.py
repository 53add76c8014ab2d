"""The text of a checkpoint: print and parse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import checkpoint
from aliquot.checkpoint import Checkpoint

# The example in C2SP tlog-checkpoint.
EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


def said(text: str) -> list[str]:
    parsed = checkpoint.parse(text)
    assert isinstance(parsed, tuple)
    return [str(one) for one in parsed]


def test_the_example_of_the_specification_is_read_and_printed() -> None:
    parsed = checkpoint.parse(EXAMPLE)
    assert isinstance(parsed, Checkpoint)
    assert (parsed.origin, parsed.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert parsed.root.hex().startswith("0ac5186a91863e8e")
    assert checkpoint.text(parsed) == EXAMPLE


def test_extension_lines_are_kept() -> None:
    parsed = checkpoint.parse(EXAMPLE + "one more\nand another\n")
    assert isinstance(parsed, Checkpoint)
    assert parsed.extensions == ("one more", "and another")
    assert checkpoint.text(parsed) == EXAMPLE + "one more\nand another\n"


@given(
    LINES,
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(LINES, max_size=3).map(tuple),
)
def test_print_and_parse_are_inverse(
    origin: str, size: int, root: bytes, extensions: tuple[str, ...]
) -> None:
    claimed = Checkpoint(origin, size, root, extensions)
    assert checkpoint.parse(checkpoint.text(claimed)) == claimed


@pytest.mark.parametrize(
    "size", ["", "-1", "+1", "01", "1 ", "1_000", "1e3", "٣", str(2**63), "9" * 5000, "one", "0x10"]
)
def test_a_size_in_any_other_spelling_is_refused(size: str) -> None:
    (fault,) = said(EXAMPLE.replace("20852163", size))
    assert fault.startswith("checkpoint line 2: “")
    assert "is no tree size: a decimal without sign and leading zeros" in fault
    assert len(fault) < 250


@pytest.mark.parametrize(
    "root",
    [
        "",
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I",  # no padding
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=",  # stray bits after the last byte
        "CsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=",  # the other alphabet
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jx",  # 30 bytes
        " CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "月",
    ],
)
def test_a_root_that_is_not_thirty_two_bytes_in_base64_is_refused(root: str) -> None:
    (fault,) = said(EXAMPLE.replace("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", root))
    assert fault == (
        f"checkpoint line 3: “{root}” is no root hash: 32 bytes in base64; fetch the checkpoint again from its log"
    )


def test_all_faults_are_named_by_line() -> None:
    faults = said("\nmany\nroot\n\nx\n\n")
    assert [fault.split(":")[0] for fault in faults] == [f"checkpoint line {n}" for n in (1, 2, 3, 4, 6)]


@pytest.mark.parametrize("text", ["", "\n", "a\n1\n", EXAMPLE.rstrip("\n"), "a\n1"])
def test_a_text_that_breaks_off_is_refused(text: str) -> None:
    (fault,) = said(text)
    assert fault.startswith("checkpoint: it is not three or more lines")


@given(st.text())
def test_no_text_stops_the_program(text: str) -> None:
    parsed = checkpoint.parse(text)
    assert isinstance(parsed, tuple) or checkpoint.text(parsed) == text


def test_a_checkpoint_that_cannot_be_read_back_is_never_printed() -> None:
    for wrong in (
        Checkpoint("a\nb", 1, bytes(32)),
        Checkpoint("", 1, bytes(32)),
        Checkpoint("a", -1, bytes(32)),
        Checkpoint("a", 1, bytes(31)),
        Checkpoint("a", 1, bytes(32), ("",)),
    ):
        with pytest.raises(AssertionError, match="cannot be read back"):
            checkpoint.text(wrong)
