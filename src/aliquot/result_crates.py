"""How are results handed to another archive? As an RO-Crate 1.1: one JSON-LD that says what each file of the folder is.

RO-Crate Metadata Specification 1.1 (w3id.org/ro/crate/1.1). Writes no file: the caller packs the bytes beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

NAME: Final = "ro-crate-metadata.json"
CONTEXT: Final = "https://w3id.org/ro/crate/1.1/context"
CONFORMS: Final = "https://w3id.org/ro/crate/1.1"


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


def metadata(crate: Crate) -> dict[str, object]:
    """Return the metadata of the crate as JSON-LD."""
    parts = [{"@id": one.path} for one in crate.files]
    root: dict[str, object] = {
        "@id": "./", "@type": "Dataset", "name": crate.name, "description": crate.description,
        "datePublished": crate.on.isoformat(), "license": {"@id": "#licence"}, "url": crate.address,
        "publisher": {"@id": "#publisher"}, "hasPart": parts, "citation": [{"@id": f"#citation-{i}"} for i, _ in enumerate(crate.citations, 1)],
    }  # fmt: skip
    graph: list[object] = [
        {"@id": NAME, "@type": "CreativeWork", "conformsTo": {"@id": CONFORMS}, "about": {"@id": "./"}},
        root,
        {"@id": "#publisher", "@type": "Organization", "name": crate.publisher},
        {"@id": "#licence", "@type": "CreativeWork", "name": crate.licence},
        {"@id": "#aliquot", "@type": "SoftwareApplication", "name": "Aliquot", "version": crate.version},
    ]
    graph += [
        {"@id": f"#citation-{i}", "@type": "CreativeWork", "name": said}
        for i, said in enumerate(crate.citations, 1)
    ]
    graph += _files(crate.files)
    return {"@context": CONTEXT, "@graph": graph}


def _files(packed: Sequence[Packed]) -> list[object]:
    return [
        {"@id": one.path, "@type": "File", "name": one.name, "encodingFormat": one.encoding,
         "contentSize": str(one.size_bytes), "sha256": one.sha256}
        for one in packed
    ]  # fmt: skip
