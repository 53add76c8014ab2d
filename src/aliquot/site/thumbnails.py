"""How does a photograph become small enough for a page? Decoded and drawn again as WebP, in a process of its own.

Whatever a decoder does with a hostile file, it does there: without the site's memory, within bounds of time and room.
What is drawn again carries nothing but pixels: no EXIF, no place, no second file. Colours are brought to sRGB.
Run as a program this module is that process; it imports nothing of the site.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTHS_PX = (320, 1280)
SECONDS_MOST = 30
BYTES_MOST = 2 * 2**30
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/tiff": "TIFF"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """The size of the whole picture the right way up, and the files that were drawn: one for each of WIDTHS_PX."""

    width_px: int
    height_px: int
    files: tuple[Path, ...]


def draw_again(source: Path, *, content_type: str, folder: Path, pixels_most: int) -> Drawn | None:
    """Draw the picture into the folder, once for each width; None where it cannot be decoded within bounds."""
    asked = json.dumps([str(source), FORMATS[content_type], str(folder), pixels_most])
    try:
        done = subprocess.run(  # noqa: S603 - this file, run by this Python
            [sys.executable, "-I", __file__, asked],
            capture_output=True,
            timeout=2 * SECONDS_MOST,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        return None
    width_px, height_px = json.loads(done.stdout)
    return Drawn(width_px, height_px, tuple(_file(folder, width) for width in WIDTHS_PX))


def _file(folder: Path, width_px: int) -> Path:
    return folder / f"{width_px}.webp"


# -- the process of its own ----------------------------------------------------------------------------------


def _bound() -> None:
    """Let the system end this process when it takes too long or too much."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MOST, SECONDS_MOST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the bound on addresses does not hold
        resource.setrlimit(resource.RLIMIT_AS, (BYTES_MOST, BYTES_MOST))


def _draw(source: str, form: str, folder: str, pixels_most: int) -> None:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = pixels_most
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(source, formats=[form]) as opened:
        size = opened.size
        turned = opened.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        opened.draft("RGB", (2 * WIDTHS_PX[-1],) * 2)
        image = _in_eight_bits(ImageOps.exif_transpose(opened))
        profile = opened.info.get("icc_profile")
    for width in sorted(WIDTHS_PX, reverse=True):
        image.thumbnail((width, width), Image.Resampling.LANCZOS)
        plain = _in_srgb(image, profile)
        plain.info.clear()
        plain.save(_file(Path(folder), width), "WEBP", quality=82, method=4, exif=b"", icc_profile=b"")
    sys.stdout.write(json.dumps(size[::-1] if turned else size))


def _in_eight_bits(image: Image) -> Image:
    """Return the picture in RGB or RGBA; of more than eight bits a pixel the range that is used fills the scale."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = image.convert("F")
        darkest, lightest = image.getextrema()
        times = 255 / (lightest - darkest) if lightest > darkest else 0
        image = image.point(lambda value: value * times - darkest * times).convert("L")
    transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")


def _in_srgb(image: Image, profile: bytes | None) -> Image:
    from PIL import ImageCms

    if not profile or image.mode != "RGB":
        return image
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):  # a profile that cannot be read, or not of these colours
        return image


if __name__ == "__main__":
    _bound()
    _draw(*json.loads(sys.argv[1]))
