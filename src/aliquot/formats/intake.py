"""How do the samples of a table come into the ledger? As few entries as its size allows, many samples in each.

One entry takes the samples of one mission to one place, and stays within what an entry may be long. The lines
are put together column by column. Knows the text of an entry's lines and none of its header: who writes it
gives it number, time and name. See `book` for the text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

# An entry may have 65,535 bytes: the rest is for its header, its basis, and the sample that crosses this line.
BODY_BYTES: Final = 60_000
ENTRIES: Final = 32  # in one batch: about twenty thousand samples


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples that are written together: the lines of their entries, none where no mass is recorded.

    `sizes` says how many samples each entry takes; `columns` has the samples in the same order.
    """

    mission: str
    bodies: Sequence[str]
    sizes: Sequence[int]
    samples: int
    columns: Mapping[str, list[str]]
    mass_ng: Sequence[int | None]
    share: Sequence[int | None]


def without(samples: pl.DataFrame, numbers: Collection[str]) -> pl.DataFrame:
    """Return the samples that have none of these numbers."""
    if not numbers:
        return samples
    return samples.filter(~pl.col("number").is_in(list(numbers)))


def batches(samples: pl.DataFrame, *, place: str, sealed: Mapping[str, bool]) -> Iterator[Batch]:
    """Yield all samples of a table, mission by mission, those without mass last.

    `place` is a whole holder; `sealed` says of each class of use whether it is sealed.
    """
    if samples.is_empty():
        return
    shut = [name for name, is_sealed in sealed.items() if is_sealed]
    weighed = samples.filter(pl.col("mass_ng").is_not_null()).with_columns(
        sealed=pl.col("use_class").is_in(shut)
    )
    # Sealed samples get entries of their own: those are checked with more care, and more slowly.
    for of_mission in weighed.partition_by("mission", "sealed", maintain_order=True):
        lined = _lined(of_mission, of_mission["mission"][0], place, sealed)
        for part in lined.partition_by("batch", maintain_order=True):
            yield _batch(part)
    for part in samples.filter(pl.col("mass_ng").is_null()).iter_slices(10_000):
        yield _batch(part)


def _lined(samples: pl.DataFrame, mission: str, place: str, sealed: Mapping[str, bool]) -> pl.DataFrame:
    """Add to each sample its lines, and which entry of its mission takes it."""
    number, mass_ng = pl.col("number"), pl.col("mass_ng")
    posts = pl.format(
        f"post {{}} origin:{mission} -{{}}\npost {{}} {place} {{}}", number, mass_ng, number, mass_ng
    )
    words = {name: f"{name} sealed" if shut else name for name, shut in sealed.items()}
    uses = pl.format("use {} {}", number, pl.col("use_class").replace(words))
    lined = samples.with_columns(
        posts.alias("posts"), pl.when(pl.col("use_class") != "").then(uses).alias("uses")
    )
    length = pl.col("posts").str.len_bytes() + pl.col("uses").str.len_bytes().fill_null(0) + 2
    entry = length.cum_sum() // BODY_BYTES
    return lined.with_columns(entry.alias("entry"), (entry // ENTRIES).alias("batch"))


def _batch(part: pl.DataFrame) -> Batch:
    bodies: list[str] = []
    sizes: list[int] = []
    if "entry" in part.columns:
        joined = part.group_by("entry", maintain_order=True).agg(
            pl.col("posts").str.join("\n"), pl.col("uses").drop_nulls().str.join("\n"), pl.len().alias("size")
        )
        for posts, uses, size in joined.select("posts", "uses", "size").rows():
            bodies.append(f"{posts}\n{uses}\n" if uses else f"{posts}\n")
            sizes.append(size)
    texts = [
        name for name, kind in part.schema.items() if kind == pl.String and name not in ("posts", "uses")
    ]
    return Batch(
        mission=part["mission"][0],
        bodies=bodies,
        sizes=sizes,
        samples=part.height,
        columns={name: part[name].to_list() for name in texts},
        mass_ng=part["mass_ng"].to_list(),
        share=part["share"].to_list(),
    )
