"""How are results handed to another archive? As an RO-Crate 1.1: one JSON-LD that says what each file of the folder is.

RO-Crate Metadata Specification 1.1 (w3id.org/ro/crate/1.1). `sha256` is a term of schema.org that its context lacks, and is added.
Writes no file: the caller packs the bytes beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

NAME: Final = "ro-crate-metadata.json"
CONTEXT: Final = "https://w3id.org/ro/crate/1.1/context"
CONFORMS: Final = "https://w3id.org/ro/crate/1.1"
SHA256: Final = "https://schema.org/sha256"
REQUEST: Final = ".request.json"
ANSWER: Final = ".answer.json"
_PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_ENCODED: Final = re.compile(rb"%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of the crate: its path in it, what it is, and the SHA-256 of its bytes."""

    path: str
    name: str
    encoding: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Crate:
    """What the crate as a whole says of itself."""

    name: str
    description: str
    publisher: str
    address: str
    licence: str  # under which terms it may be used, in words
    on: date
    citations: tuple[str, ...]
    files: tuple[Packed, ...]
    version: str


def id_of(path: str) -> str:
    """Return the identifier of a file: its path as a relative URI (RFC 3986), whatever signs are in its name."""
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in path.encode())


def path_of(name: str) -> str:
    """Return the path in the crate that an identifier stands for."""
    found = _ENCODED.sub(lambda one: bytes([int(one[1], 16)]), name.encode())
    return found.decode("utf-8", errors="replace").removeprefix("./")


def metadata(crate: Crate) -> dict[str, object]:
    """Return the metadata of the crate as JSON-LD: flat, each thing named once and linked from the root."""
    computed = list(_computations(crate))
    citations = [{"@id": f"#citation-{at}"} for at, _ in enumerate(crate.citations, 1)]
    root: dict[str, object] = {
        "@id": "./", "@type": "Dataset", "name": crate.name, "description": crate.description,
        "datePublished": crate.on.isoformat(), "license": {"@id": "#licence"}, "url": crate.address,
        "publisher": {"@id": "#publisher"}, "hasPart": [{"@id": id_of(one.path)} for one in crate.files],
        "citation": citations, "mentions": [{"@id": one["@id"]} for one in computed],
    }  # fmt: skip
    graph: list[object] = [
        {"@id": NAME, "@type": "CreativeWork", "conformsTo": {"@id": CONFORMS}, "about": {"@id": "./"}},
        {name: value for name, value in root.items() if value != []},
        {"@id": "#publisher", "@type": "Organization", "name": crate.publisher},
        {"@id": "#licence", "@type": "CreativeWork", "name": "Terms of use", "description": crate.licence},
    ]
    if computed:
        graph.append({"@id": "#aliquot", "@type": "SoftwareApplication", "name": "Aliquot", "softwareVersion": crate.version})  # fmt: skip
    graph += [
        {"@id": f"#citation-{at}", "@type": "CreativeWork", "name": said}
        for at, said in enumerate(crate.citations, 1)
    ]
    return {"@context": [CONTEXT, {"sha256": SHA256}], "@graph": [*graph, *computed, *_files(crate)]}


def _files(crate: Crate) -> Iterator[object]:
    for one in crate.files:
        yield {
            "@id": id_of(one.path), "@type": "File", "name": one.name, "encodingFormat": one.encoding,
            "contentSize": str(one.size_bytes), "sha256": one.sha256,
        }  # fmt: skip


def _computations(crate: Crate) -> Iterator[dict[str, object]]:
    """Yield for each request with its answer that the one was computed from the other."""
    paths = {one.path for one in crate.files}
    for path in sorted(paths):
        beside = path.removesuffix(REQUEST) + ANSWER
        if path.endswith(REQUEST) and beside in paths:
            key = path.rpartition("/")[2].removesuffix(REQUEST)
            yield {
                "@id": f"#computed-{id_of(key)}", "@type": "CreateAction", "name": f"Age {key}, computed from its request",
                "instrument": {"@id": "#aliquot"}, "object": {"@id": id_of(path)}, "result": {"@id": id_of(beside)},
            }  # fmt: skip
