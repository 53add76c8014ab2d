"""What was handed on of ages: it comes out the same again, and whatever was changed on the way is named."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping

import pytest

from aliquot import result_records, results
from aliquot.fault import Refused

from .chronology_requests import isochron, mean

DERIVED = results.derive(isochron(omit=[{"row": 15, "reason": "土壤, a soil"}]))
AGE = {
    "age": "k1", "title": "A line", "request": json.loads(DERIVED.request), "answer": json.loads(DERIVED.answer),
    "request_sha256": DERIVED.request_sha256, "answer_sha256": DERIVED.answer_sha256,
}  # fmt: skip


def as_file(document: object) -> bytes:
    """Return the file as a page hands it over: indented, which leaves the kept bytes to be put together again."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def a_crate(files: Mapping[str, bytes], stated: Mapping[str, bytes] | None = None) -> bytes:
    """Return a crate of files, whose metadata states the hashes of what `stated` has instead."""
    graph = [
        {"@id": path, "@type": "File", "sha256": hashlib.sha256(data).hexdigest()}
        for path, data in (stated or files).items()
    ]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as bundle:
        bundle.writestr("ro-crate-metadata.json", json.dumps({"@graph": graph}))
        for path, data in files.items():
            bundle.writestr(path, data)
    return written.getvalue()


FILES = {
    "ages/k1.request.json": DERIVED.request.encode(),
    "ages/k1.answer.json": DERIVED.answer.encode(),
    "raw/a/NGX.TXT": b"counts",
}


@pytest.mark.parametrize("document", [AGE, {"citation": [], "ages": [AGE]}])
def test_an_exported_age_comes_out_the_same_byte_by_byte(document: object) -> None:
    (kept,) = result_records.read(as_file(document)).ages
    assert (kept.request, kept.answer) == (DERIVED.request, DERIVED.answer)
    checked = result_records.check(kept)
    assert checked.is_sound
    assert checked.said == "the same, byte by byte"


def test_a_crate_comes_out_the_same_with_every_file_as_its_hash_says() -> None:
    record = result_records.read(a_crate(FILES))
    assert record.altered == ()
    assert [result_records.check(one).is_sound for one in record.ages] == [True]


def test_a_changed_number_is_named_by_its_hash_and_by_what_comes_out() -> None:
    changed = json.loads(json.dumps(AGE))
    changed["request"]["rows"][0][0] += 0.001
    (kept,) = result_records.read(as_file(changed)).ages
    checked = result_records.check(kept)
    assert checked.altered == ("request",)
    assert "age_ma" in checked.again.differs
    assert not checked.is_sound


def test_a_changed_answer_is_named_even_where_no_hash_stands_beside_it() -> None:
    changed = {"request": AGE["request"], "answer": {**json.loads(DERIVED.answer), "age_ma": 3000.0}}
    checked = result_records.check(result_records.read(as_file(changed)).ages[0])
    assert (checked.altered, checked.again.differs) == ((), ("age_ma",))


def test_an_answer_of_another_version_is_the_same_if_its_numbers_are() -> None:
    older = {"request": AGE["request"], "answer": {**json.loads(DERIVED.answer), "version": "0.0.1"}}
    checked = result_records.check(result_records.read(as_file(older)).ages[0])
    assert checked.is_sound
    assert "kept by 0.0.1" in checked.said


def test_a_raw_file_that_was_changed_or_is_gone_is_named() -> None:
    changed = {**FILES, "raw/a/NGX.TXT": b"kounts"}
    assert result_records.read(a_crate(changed, FILES)).altered == ("raw/a/NGX.TXT",)
    fewer = {path: data for path, data in FILES.items() if not path.startswith("raw/")}
    assert result_records.read(a_crate(fewer, FILES)).altered == ("raw/a/NGX.TXT",)


def test_a_request_without_an_age_is_held_against_its_refusal() -> None:
    refused = results.derive(mean(rows=[]))
    assert result_records.check(result_records.Kept("k", "", refused.request, refused.answer)).is_sound


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff\xfe", b"[]", b"7", b"{}", b'{"ages": 7}', b'{"ages": [7]}', b'{"ages": [{"request": 1, "answer": {}}]}',
        b'{"request": {"x": NaN}, "answer": {}}', b"[" * 100_000, b"PK\x03\x04 no archive",
        a_crate({"ages/k.request.json": b"{}"}), a_crate({"ages/k.request.json": b"7", "ages/k.answer.json": b"{}"}),
        a_crate(FILES)[:-30],
    ],
)  # fmt: skip
def test_what_is_no_record_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        result_records.read(data)
    assert refused.value.faults[0].said


def test_an_archive_that_is_no_crate_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as bundle:
        bundle.writestr("values.csv", "x")
    with pytest.raises(Refused, match=r"ro-crate-metadata\.json"):
        result_records.read(written.getvalue())
