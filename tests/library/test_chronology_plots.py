"""Pictures of ages: what is in them, said in words as well, the same every time."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from aliquot.chronology import plots, raster, requests, vector
from aliquot.chronology.figure import Figure, ratio_name, ticks

from .chronology_requests import ERRORS, RUBIDIUM, RUBIDIUM_COLUMNS, isochron, mean, ratios, york

STEPS = [[0.2, 3400.0, 9.0], [0.3, 3301.0, 9.0], [0.3, 3299.0, 9.0], [0.2, 3303.0, 9.0]]
URANIUM = {
    "clock": "U-Pb", "errors": ERRORS, "columns": ["Pb207U235", "s_Pb207U235", "Pb206U238", "s_Pb206U238", "rho"],
    "rows": [[0.2819, 0.00036, 0.03985, 4e-05, 0.79], [0.2814, 0.00092, 0.0398, 4e-05, 0.31],
             [0.2554, 0.00044, 0.03606, 5e-05, 0.82]],
}  # fmt: skip
PICTURES: dict[str, dict[str, Any]] = {
    "isochron": isochron(omit=[{"row": 15, "reason": "a breccia"}]),
    "inverse isochron": isochron(form="inverse", model=3),
    "line without errors": york(
        [[1.0, 2.0], [2.0, 3.1], [3.0, 3.9]], columns=["x", "y"], errors=None, model=2
    ),
    "falling line": isochron(rows=[[0.1, 0.01, 0.71, 0.01], [0.2, 0.01, 0.7, 0.01]]),
    "mean": mean(outlier_test="chauvenet", omit=[{"row": 10, "reason": "another rock"}]),
    "ages": ratios("Rb-Sr", [[0.05, 0.001], [-1.0, 0.1]]),
    "plateau": {"task": "plateau", "columns": ["fraction", "age", "s_age"], "rows": STEPS, "errors": ERRORS},
    "concordia": {"task": "concordia", **URANIUM},
    "discordia": {"task": "discordia", **URANIUM},
    "ages of uranium": {"task": "age", **URANIUM},
}


def _figure(request: dict[str, Any]) -> Figure:
    found = plots.figure(request, requests.answer(request))
    assert found is not None
    return found


@pytest.mark.parametrize("name", PICTURES)
def test_every_kind_of_result_has_a_picture_with_title_and_description(name: str) -> None:
    figure = _figure(PICTURES[name])
    tree = ElementTree.fromstring(vector.svg(figure))  # noqa: S314 - our own text
    title, description = tree[0], tree[1]
    assert title.tag.endswith("title")
    assert title.text
    assert description.tag.endswith("desc")
    assert "n = " in (description.text or "")
    assert vector.svg(figure) == vector.svg(_figure(PICTURES[name]))
    assert not re.search(r"nan|inf\b", vector.svg(figure), re.IGNORECASE)


def test_the_caption_repeats_what_is_quoted() -> None:
    request = PICTURES["isochron"]
    result: dict[str, Any] = requests.answer(request)
    said = _figure(request).description
    assert result["quoted"]["label"] in said
    assert "MSWD" in said
    assert "n = 16" in said


def test_an_omitted_row_is_hollow_and_numbered() -> None:
    picture = vector.svg(_figure(PICTURES["isochron"]))
    assert picture.count('class="hollow"') == 1
    assert picture.count('class="kept"') == 16
    assert ">15</text>" in picture
    unreadable = isochron(rows=[*RUBIDIUM, [None, "?", 0, 0]], omit=[{"row": 18, "reason": "a slip"}])
    assert 'class="hollow"' not in vector.svg(_figure(unreadable))


def test_the_axes_name_their_isotopes() -> None:
    picture = vector.svg(_figure(PICTURES["isochron"]))
    assert "⁸⁷Rb/⁸⁶Sr (atomic ratio)" in picture
    assert ratio_name("Pb207Pb206") == "²⁰⁷Pb/²⁰⁶Pb"


def test_a_png_is_a_picture_and_the_same_again() -> None:
    data = raster.png(_figure(PICTURES["plateau"]))
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (1440, 1120)
        assert len(image.convert("RGB").getcolors(1 << 24) or ()) > 20
    assert data == raster.png(_figure(PICTURES["plateau"]))


def test_what_has_no_fit_has_no_picture() -> None:
    request = isochron(columns=RUBIDIUM_COLUMNS, rows=RUBIDIUM[:1])
    assert plots.figure(request, requests.answer(request)) is None


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [(0, 10, ["0", "2", "4", "6", "8", "10"]), (0.699, 0.7113, ["0.700", "0.702", "0.704", "0.706", "0.708", "0.710"]),
     (-0.01, 0.183, ["0.000", "0.025", "0.050", "0.075", "0.100", "0.125", "0.150", "0.175"]), (1, 1, [])],
)  # fmt: skip
def test_ticks_are_round(low: float, high: float, texts: list[str]) -> None:
    assert [text for _, text in ticks(low, high)] == texts
