"""How is the catalogue written as Parquet? With the columns of `export`, each of its own type.

Apart from `export`, because few who read the catalogue need Polars loaded.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Final

import polars as pl

from aliquot.formats.export import COLUMNS, Row, batched, cells

_GRAMS: Final = pl.Decimal(28, 9)
_KINDS: Final[dict[str, pl.DataType]] = {
    "sealed": pl.Boolean(), "aggregate": pl.Boolean(), "start_g": _GRAMS, "mass_g": _GRAMS,
    "start_ng": pl.Int64(), "mass_ng": pl.Int64(), "pristine_percent": pl.Decimal(6, 2),
}  # fmt: skip
_SCHEMA: Final = {name: _KINDS.get(name, pl.String()) for name in COLUMNS}


def parquet(rows: Iterable[Row]) -> bytes:
    """Return a Parquet file; grams are decimals of nine places. It is made as a whole, column by column."""
    texts = {name: pl.String() if isinstance(kind, pl.Decimal) else kind for name, kind in _SCHEMA.items()}
    frames = [pl.DataFrame([*map(cells, batch)], schema=texts) for batch in batched(rows)]
    frame = pl.concat(frames) if frames else pl.DataFrame(schema=texts)
    out = io.BytesIO()
    frame.select(pl.col(name).cast(kind) for name, kind in _SCHEMA.items()).write_parquet(out)
    return out.getvalue()
