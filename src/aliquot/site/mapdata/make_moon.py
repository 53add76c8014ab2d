"""How are the two pictures of the Moon made from one map? Orthographic views of the near and the far side.

Source: the colour mosaic of the Lunar Reconnaissance Orbiter Camera in equirectangular projection, NASA's Scientific
Visualization Studio (CGI Moon Kit); longitude 0 in the middle, north at the top. Run once, by hand:

    python -m aliquot.site.mapdata.make_moon MOSAIC.jpg DIRECTORY

Needs Pillow and numpy, which the site itself does not need. Adds no shading: the limb is as bright as the mosaic.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZE_PX: Final = 900
OVERSAMPLING: Final = 2  # Drawn twice as large and scaled down, so that craters near the limb do not flicker.
QUALITY: Final = 80
SIDES: Final = {"moon-near.webp": 0.0, "moon-far.webp": 180.0}

Pixels = NDArray[np.float64]


def disc(mosaic: Pixels, *, centre_lon_deg: float, size_px: int) -> Image.Image:
    """Return the hemisphere around a point of the equator, transparent outside the disc."""
    axis = (np.arange(size_px) + 0.5) / size_px * 2 - 1
    x, y = np.meshgrid(axis, -axis)
    radius = np.hypot(x, y)
    depth = np.sqrt(np.clip(1 - radius**2, 0, None))
    lat = np.arcsin(np.clip(y, -1, 1))
    lon = np.arctan2(x, depth) + np.radians(centre_lon_deg)
    height, width = mosaic.shape[:2]
    column = (lon / (2 * np.pi) + 0.5) * width - 0.5
    row = np.clip((0.5 - lat / np.pi) * height - 0.5, 0, height - 1.001)
    colours = _between(mosaic, column, row)
    alpha = np.where(radius <= 1, 255.0, 0.0)
    return Image.fromarray(np.dstack([colours, alpha]).round().astype(np.uint8), "RGBA")


def _between(mosaic: Pixels, column: Pixels, row: Pixels) -> Pixels:
    """Return the mosaic's colours at fractional places; columns go round, rows do not."""
    width = mosaic.shape[1]
    left, top = np.floor(column).astype(int), np.floor(row).astype(int)
    across, down = (column - left)[..., None], (row - top)[..., None]
    upper = mosaic[top, left % width] * (1 - across) + mosaic[top, (left + 1) % width] * across
    lower = mosaic[top + 1, left % width] * (1 - across) + mosaic[top + 1, (left + 1) % width] * across
    mixed: Pixels = upper * (1 - down) + lower * down
    return mixed


def main() -> None:
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    mosaic = np.asarray(Image.open(source).convert("RGB"), dtype=np.float64)
    for name, centre_lon_deg in SIDES.items():
        large = disc(mosaic, centre_lon_deg=centre_lon_deg, size_px=SIZE_PX * OVERSAMPLING)
        small = large.resize((SIZE_PX, SIZE_PX), Image.Resampling.LANCZOS)
        small.save(folder / name, "WEBP", quality=QUALITY, method=6, alpha_quality=90)


if __name__ == "__main__":
    main()
