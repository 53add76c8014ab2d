"""A crate of results against what RO-Crate 1.1 says that it must and should be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import result_crates
from aliquot.result_crates import Crate, Packed

FILES = (
    "values.csv",
    "results.json",
    "ages/k1.request.json",
    "ages/k1.answer.json",
    "raw/a/NGX 600 (样).TXT",
)


def a_crate(
    files: tuple[str, ...] = FILES, citations: tuple[str, ...] = ("Compston et al. 1971",)
) -> dict[str, Any]:
    packed = tuple(Packed(path, path.rpartition("/")[2], "text/csv", 7, "ab" * 32) for path in files)
    crate = Crate("Results", "What was measured", "A facility", "https://example.org/", "Ask the publisher", date(2026, 11, 26),
                  citations, packed, "0.1")  # fmt: skip
    found = json.loads(json.dumps(result_crates.metadata(crate)))
    assert isinstance(found, dict)
    return found


def links_in(value: object) -> Iterator[str]:
    """Yield what an entity refers to."""
    if isinstance(value, dict):
        yield value["@id"]
    for one in value if isinstance(value, list) else ():
        yield from links_in(one)


KNOWN = {
    "@id", "@type", "name", "description", "datePublished", "license", "url", "publisher", "hasPart", "citation", "mentions",
    "conformsTo", "about", "softwareVersion", "instrument", "object", "result", "encodingFormat", "contentSize",
}  # fmt: skip


def breaches(found: dict[str, Any]) -> Iterator[str]:
    """Yield what of the specification a crate does not keep."""
    graph = found["@graph"]
    by_id = {one["@id"]: one for one in graph}
    if found["@context"][0] != "https://w3id.org/ro/crate/1.1/context" or len(by_id) != len(graph):
        yield "the context must be that of 1.1, and each entity be there once"
    for one in graph:
        yield from breaches_of_an_entity(one, KNOWN | set(found["@context"][1]))
    yield from breaches_of_the_root(by_id)
    yield from breaches_of_the_links(by_id)


def breaches_of_an_entity(one: dict[str, Any], known: set[str]) -> Iterator[str]:
    """Every entity has a type, terms of the context, and nothing nested in it."""
    if not one.get("@type") or set(one) - known:
        yield f"{one['@id']} has no type, or terms of no context: {set(one) - known}"
    values = [each for value in one.values() for each in (value if isinstance(value, list) else [value])]
    if any(isinstance(each, dict) and set(each) != {"@id"} for each in values):
        yield f"{one['@id']} is not flat"


def breaches_of_the_root(by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The descriptor is about the root, which has name, description, day and licence."""
    descriptor, root = by_id["ro-crate-metadata.json"], by_id["./"]
    if descriptor["@type"] != "CreativeWork" or descriptor["about"] != {"@id": "./"}:
        yield "the descriptor must be a CreativeWork about the root"
    if descriptor["conformsTo"] != {"@id": "https://w3id.org/ro/crate/1.1"}:
        yield "the descriptor must conform to 1.1"
    if root["@type"] != "Dataset" or not {"name", "description", "datePublished", "license"} <= set(root):
        yield "the root must be a Dataset with name, description, day and licence"
    date.fromisoformat(root["datePublished"])
    if not {"name", "description"} <= set(by_id[root["license"]["@id"]]):
        yield "a licence that is no address must be described"


def breaches_of_the_links(by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Everything is referred to and described, every file is part of the root and has a relative URI."""
    referred = {
        link for one in by_id.values() for name, value in one.items() if name != "conformsTo" for link in links_in(value)
    }  # fmt: skip
    if stray := set(by_id) ^ (referred | {"ro-crate-metadata.json"}):
        yield f"not both referred to and described: {stray}"
    files = {name for name, one in by_id.items() if one["@type"] == "File"}
    if files != set(links_in(by_id["./"].get("hasPart", []))):
        yield "every file must be part of the root"
    for name in files:
        if not name.isascii() or set(name) & set(' <>"{}|\\^`#?') or name.startswith("/"):
            yield f"{name} is no relative URI"


@pytest.mark.parametrize(("files", "citations"), [(FILES, ("C",)), (FILES[:2], ()), ((), ())])
def test_a_crate_keeps_the_specification(files: tuple[str, ...], citations: tuple[str, ...]) -> None:
    assert not list(breaches(a_crate(files, citations)))


def test_a_crate_names_every_file_with_its_hash_and_size() -> None:
    by_id = {one["@id"]: one for one in a_crate()["@graph"]}
    file = by_id["raw/a/NGX%20600%20%28%E6%A0%B7%29.TXT"]
    assert (file["sha256"], file["contentSize"], file["name"]) == ("ab" * 32, "7", "NGX 600 (样).TXT")


def test_an_age_is_told_as_computed_from_its_request_by_the_program() -> None:
    (action,) = (one for one in a_crate()["@graph"] if one["@type"] == "CreateAction")
    assert action["object"] == {"@id": "ages/k1.request.json"}
    assert action["result"] == {"@id": "ages/k1.answer.json"}
    assert action["instrument"] == {"@id": "#aliquot"}


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_a_path_comes_back_from_its_identifier(path: str) -> None:
    name = result_crates.id_of(path)
    assert name.isascii()
    assert result_crates.path_of(name) == path.removeprefix("./")
