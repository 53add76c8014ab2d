"""What was handed on of ages: is it what its hashes say, and does each come out the same again?

Reads what the site hands over: an age or a sample's results as JSON, or an RO-Crate. Needs no site: whoever has the file checks it.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from aliquot import fault, result_crates, results
from aliquot.fault import Refused
from aliquot.results import Again

BYTES_MOST: Final = 600_000_000
MEMBERS_MOST: Final = 20_000
_JSON_MOST: Final = 50_000_000
_NO_HASH: Final = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An age as it was kept: request and answer as texts, and the SHA-256 that is stated of each; empty where none is."""

    key: str
    title: str
    request: str
    answer: str
    request_sha256: str = _NO_HASH
    answer_sha256: str = _NO_HASH


@dataclass(frozen=True, slots=True)
class Record:
    """What a file holds: its ages, and the files in it that are not what their hashes say."""

    ages: tuple[Kept, ...]
    altered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """How an age came out; `altered` names what of it is not what its hash says."""

    kept: Kept
    again: Again
    altered: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        return self.again.is_same and not self.altered

    @property
    def said(self) -> str:
        """Return in words how it came out."""
        told = [f"the {name} is not what its SHA-256 says" for name in self.altered]
        again = self.again
        if again.is_same and again.version_then == again.version_now:
            told.append("the same, byte by byte")
        elif again.is_same:
            told.append(f"the same numbers (kept by {again.version_then}, computed by {again.version_now})")
        else:
            told.append(f"not the same: {', '.join(again.differs) or 'the text of the answer'}")
        return "; ".join(told)


def check(kept: Kept) -> Checked:
    """Compute an age again from its request alone, and hold it and its hashes against what was kept."""
    stated = (("request", kept.request, kept.request_sha256), ("answer", kept.answer, kept.answer_sha256))
    altered = tuple(name for name, text, sha256 in stated if sha256 and _sha256(text.encode()) != sha256)
    return Checked(kept, results.again(kept.request, kept.answer), altered)


def read(data: bytes) -> Record:
    """Return the ages in a file that was handed over; raise `Refused` where it is none."""
    if data[:4] == b"PK\x03\x04":
        return _crate(data)
    found = _json(data, "file")
    ages = found.get("ages", [found])
    if not isinstance(ages, list):
        _refuse("file", "its ages are no list")
    return Record(tuple(_age(one, f"ages[{at}]") for at, one in enumerate(ages)))


def _age(one: object, where: str) -> Kept:
    """Return an age as it was exported; its texts are put together as they were kept."""
    if not isinstance(one, dict):
        _refuse(where, "this is no age")
    request, answer = one.get("request"), one.get("answer")
    if not isinstance(request, dict) or not isinstance(answer, dict):
        _refuse(where, "it has no request and answer")
    texts = results.texts_of(request, answer)
    said = {name: str(one.get(name) or "") for name in ("age", "title", "request_sha256", "answer_sha256")}
    return Kept(said["age"] or where, said["title"], texts.request, texts.answer, said["request_sha256"], said["answer_sha256"])  # fmt: skip


def _crate(data: bytes) -> Record:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            members = {one.filename: one for one in bundle.infolist()}
            if len(members) > MEMBERS_MOST or sum(one.file_size for one in members.values()) > BYTES_MOST:
                _refuse("file", "it unpacks to more than 600 MB or 20,000 files")
            if result_crates.NAME not in members:
                _refuse("file", "it is no RO-Crate: {name} is not in it", name=result_crates.NAME)
            hashes = dict(_hashes(_json(bundle.read(result_crates.NAME), result_crates.NAME)))
            altered = tuple(path for path, sha256 in hashes.items()
                            if path not in members or _digest(bundle, path) != sha256)  # fmt: skip
            return Record(tuple(_packed_ages(bundle, members, hashes)), altered)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Refused([fault.of("file", "the archive is damaged: {why}", "take it anew from where it came",
                                why=" ".join(str(error).split())[:120])]) from error  # fmt: skip


def _hashes(metadata: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield path and SHA-256 of each file of a crate that has one."""
    graph = metadata.get("@graph")
    for one in graph if isinstance(graph, list) else []:
        if isinstance(one, dict) and isinstance(one.get("sha256"), str):
            yield result_crates.path_of(str(one.get("@id"))), one["sha256"]


def _digest(bundle: zipfile.ZipFile, path: str) -> str:
    found = hashlib.sha256()
    with bundle.open(path) as file:
        while chunk := file.read(1 << 20):
            found.update(chunk)
    return found.hexdigest()


def _packed_ages(
    bundle: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], hashes: Mapping[str, str]
) -> Iterator[Kept]:
    for path in members:
        if not (path.startswith("ages/") and path.endswith(result_crates.REQUEST)):
            continue
        beside = path.removesuffix(result_crates.REQUEST) + result_crates.ANSWER
        if beside not in members:
            _refuse(path, "its answer is not beside it")
        texts = []
        for name in (path, beside):
            found = bundle.read(name)
            _json(found, name)
            texts.append(found.decode())
        key = path.removeprefix("ages/").removesuffix(result_crates.REQUEST)
        yield Kept(key, "", texts[0], texts[1], hashes.get(path, _NO_HASH), hashes.get(beside, _NO_HASH))


def _json(data: bytes, where: str) -> dict[str, object]:
    """Return the object that the bytes are; raise `Refused` where they are none."""
    if len(data) > _JSON_MOST:
        _refuse(where, "it is longer than 50 MB")
    try:
        found = json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError, RecursionError):
        _refuse(where, "it is neither JSON nor an RO-Crate")
    if not isinstance(found, dict):
        _refuse(where, "it is no object of JSON")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse(where: str, what: str, **values: str) -> NoReturn:
    raise Refused([fault.of(where, what, "give a file that was taken from a page of results", **values)])


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
