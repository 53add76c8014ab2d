"""The command that checks a receipt: with the public key alone, in words and as JSON, hostile files too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import run

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
RECEIPT, KEY = EXAMPLES / "receipt.txt", str(EXAMPLES / "receipt.vkey")


def test_a_receipt_is_told_as_json() -> None:
    done = run("check-receipt", str(RECEIPT), "--key", KEY, "--json")
    said = json.loads(done.out)
    assert (done.code, said["ok"], said["receipt"]["number"]) == (0, True, "D-0001")
    assert said["receipt"]["items"] == [
        {"sample": "P-1", "mass_ng": 1_500_000_000},
        {"sample": "P-2", "mass_ng": None},
    ]


@pytest.mark.parametrize("what", [b"", b"\0", b"\xff\xfe", b"aliquot receipt v1\n", b"a" * 2_000_000])
def test_what_is_no_receipt_is_told_in_one_line_each(tmp_path: Path, what: bytes) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_bytes(what)
    done = run("check-receipt", str(wrong), "--key", KEY)
    assert done.code in (1, 2)
    assert (done.out + done.err).strip()
    assert "Traceback" not in done.err


def test_a_proof_or_a_book_is_no_receipt(tmp_path: Path) -> None:
    done = run("check-receipt", KEY, "--key", KEY)
    assert done.code == 1
    missing = run("check-receipt", str(tmp_path / "none"), "--key", KEY, "--json")
    assert missing.code == 2
