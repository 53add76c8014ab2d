"""Small requests of our own, for tests of ages: real measurements of Apollo 12 rocks and textbook data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aliquot.chronology import requests

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
ERRORS = {"level": "1s", "kind": "absolute"}

# Pearson's data with York's weights (York 1966; York et al. 2004, table I).
_PEARSON = [
    (0.0, 1000.0, 5.9, 1.0), (0.9, 1000.0, 5.4, 1.8), (1.8, 500.0, 4.4, 4.0), (2.6, 800.0, 4.6, 8.0),
    (3.3, 200.0, 3.5, 20.0), (4.4, 80.0, 3.7, 20.0), (5.2, 60.0, 2.8, 70.0), (6.1, 20.0, 2.8, 70.0),
    (6.5, 1.8, 2.4, 100.0), (7.4, 1.0, 1.5, 500.0),
]  # fmt: skip
PEARSON = [[x, wx**-0.5, y, wy**-0.5] for x, wx, y, wy in _PEARSON]

# Compston et al. (1971), Apollo 12 whole rocks and soils.
RUBIDIUM = [
    [0.0312, 0.0008, 0.7013, 0.0001], [0.0536, 0.0006, 0.7024, 0.0001], [0.0316, 0.001, 0.7011, 0.0001],
    [0.0327, 0.0008, 0.7011, 0.0001], [0.0271, 0.0004, 0.7009, 0.0001], [0.0149, 0.0002, 0.7001, 0.0001],
    [0.0238, 0.0007, 0.7007, 0.0001], [0.0074, 0.0004, 0.6997, 0.0001], [0.0176, 0.0011, 0.7005, 0.0001],
    [0.031, 0.0006, 0.7012, 0.0001], [0.0199, 0.0005, 0.7005, 0.0001], [0.0215, 0.0006, 0.7006, 0.0001],
    [0.0306, 0.0013, 0.701, 0.0001], [0.034, 0.0008, 0.7013, 0.0001], [0.1705, 0.0008, 0.7101, 0.0001],
    [0.1289, 0.0006, 0.7077, 0.0001], [0.1278, 0.0006, 0.7075, 0.0001],
]  # fmt: skip
RUBIDIUM_COLUMNS = ["Rb87Sr86", "s_Rb87Sr86", "Sr87Sr86", "s_Sr87Sr86"]

# Published ages of 15555, 1 sigma (Lunar Sample Compendium), in Ma.
BASALT_15555 = [
    [3540.0, 65.0], [3320.0, 30.0], [3330.0, 25.0], [3280.0, 30.0], [3300.0, 40.0],
    [3220.0, 15.0], [3310.0, 15.0], [3310.0, 25.0], [3320.0, 20.0], [3340.0, 45.0],
]  # fmt: skip


def isochron(**changes: Any) -> dict[str, Any]:
    """Return a request for the Apollo 12 line, with these fields changed."""
    return {
        "task": "isochron", "clock": "Rb-Sr", "columns": RUBIDIUM_COLUMNS, "rows": RUBIDIUM, "errors": ERRORS,
    } | changes  # fmt: skip


def york(rows: list[list[float]] = PEARSON, **changes: Any) -> dict[str, Any]:
    """Return a request for a line in x and y."""
    columns = ["x", "s_x", "y", "s_y", "rho"][: len(rows[0]) if rows else 4]
    return {"task": "york", "columns": columns, "rows": rows, "errors": ERRORS} | changes


def mean(**changes: Any) -> dict[str, Any]:
    """Return a request for the mean of the ages of 15555."""
    return {"task": "mean", "columns": ["age", "s_age"], "rows": BASALT_15555, "errors": ERRORS} | changes


def ratios(clock: str, rows: list[list[float]], **changes: Any) -> dict[str, Any]:
    """Return a request for the ages of radiogenic ratios."""
    return {
        "task": "age", "clock": clock, "columns": ["ratio", "s_ratio"], "rows": rows, "errors": ERRORS
    } | changes  # fmt: skip


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return the result, after it has been through JSON and back, as whoever asked would read it."""
    found: dict[str, Any] = json.loads(json.dumps(requests.answer(request), allow_nan=False))
    return found


def answered(request: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a request that can be dated."""
    found = answer(request)
    assert "error" not in found, found["error"]
    return found
