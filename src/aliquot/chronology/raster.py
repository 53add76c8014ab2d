"""How is a figure written as PNG? Drawn larger with Pillow and brought down, for smooth edges; no time stamp.

The only importer of Pillow in the library.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from aliquot.chronology.figure import HEIGHT, STYLES, WIDTH, Figure, Path, Place, Words

_SCALE: Final = 2  # pixels of the picture for a unit of the sheet
_FINER: Final = 2  # drawn so many times larger
_SUPER: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
_INK: Final = "#222222"
_DASH: Final = (5.0, 3.0)


def png(figure: Figure) -> bytes:
    """Return the figure as a file of its own; title and description are in it as texts."""
    times = _SCALE * _FINER
    image = Image.new("RGB", (int(WIDTH) * times, int(HEIGHT) * times), "#ffffff")
    for each in figure.shapes:
        if isinstance(each, Path):
            _path(ImageDraw.Draw(image), each, times)
        else:
            _words(image, each, times)
    image = image.resize((int(WIDTH) * _SCALE, int(HEIGHT) * _SCALE), Image.Resampling.BOX)
    written = io.BytesIO()
    image.save(written, "PNG", optimize=False)
    return written.getvalue()


def _path(draw: ImageDraw.ImageDraw, path: Path, times: int) -> None:
    style = STYLES[path.role]
    places = [(x * times, y * times) for x, y in path.places]
    if path.closed and style.fill:
        draw.polygon(places, fill=_tint(style.fill, style.opacity))
    if style.stroke is None:
        return
    around = [*places, places[0]] if path.closed else places
    width = max(1, round(style.width * times))
    for piece in _dashes(around, times) if style.dashed else (around,):
        draw.line(piece, fill=style.stroke, width=width, joint="curve")


def _tint(color: str, opacity: float) -> tuple[int, int, int]:
    """Return the colour as it looks on white paper."""
    parts = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    red, green, blue = (round(255 + (part - 255) * opacity) for part in parts)
    return red, green, blue


def _dashes(places: list[Place], times: int) -> Iterator[list[Place]]:
    drawn, left, piece = True, _DASH[0] * times, [places[0]]
    for before, after in pairwise(places):
        length, gone = math.dist(before, after), 0.0
        while length - gone > left:
            gone += left
            share = gone / length
            at = (before[0] + share * (after[0] - before[0]), before[1] + share * (after[1] - before[1]))
            if drawn:
                yield [*piece, at]
            drawn, left, piece = not drawn, _DASH[1 if drawn else 0] * times, [at]
        left -= length - gone
        piece.append(after)
    if drawn and len(piece) > 1:
        yield piece


def _words(image: Image.Image, words: Words, times: int) -> None:
    runs = list(_runs(words.text, words.size * times))
    width = sum(font.getlength(text) for text, font, _ in runs)
    start = {"start": 0.0, "middle": -width / 2, "end": -width}[words.anchor]
    x, y = words.at[0] * times, words.at[1] * times
    if not words.upright:
        _write(ImageDraw.Draw(image), runs, x + start, y)
        return
    height = round(words.size * times * 2)
    strip = Image.new("L", (math.ceil(width) + 2, height), 0)
    _write(ImageDraw.Draw(strip), runs, 0, height * 0.75, ink=255)
    turned = strip.rotate(90, expand=True)
    at = (round(x - height * 0.75), round(y - start - turned.height))
    image.paste(Image.new("RGB", turned.size, _INK), at, turned)


def _write(
    draw: ImageDraw.ImageDraw, runs: list[tuple[str, ImageFont.FreeTypeFont, float]], x: float, y: float,
    *, ink: str | int = _INK,
) -> None:  # fmt: skip
    for text, font, raised in runs:
        draw.text((x, y - raised), text, fill=ink, font=font, anchor="ls")
        x += font.getlength(text)


def _runs(text: str, size: float) -> Iterator[tuple[str, ImageFont.FreeTypeFont, float]]:
    """Yield pieces of a text with font and rise: the raised digits of isotopes are drawn small."""
    piece, high = "", False
    for letter in text:
        if (letter in _SUPER) is not high and piece:
            yield piece, _font(size, high=high), size * 0.35 if high else 0.0
            piece = ""
        high = letter in _SUPER
        piece += _SUPER.get(letter, letter)
    if piece:
        yield piece, _font(size, high=high), size * 0.35 if high else 0.0


def _font(size: float, *, high: bool) -> ImageFont.FreeTypeFont:
    found = ImageFont.load_default(size * (0.68 if high else 1.0))
    if isinstance(found, ImageFont.FreeTypeFont):
        return found
    raise OSError("Pillow was built without FreeType, and texts cannot be drawn")
