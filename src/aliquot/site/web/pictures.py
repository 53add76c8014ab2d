"""A drawing and the table behind it, as the figure component takes them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing and the table behind it."""

    drawing: SafeString
    table: dict[str, object]
