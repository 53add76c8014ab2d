"""How are the codes of places, tools, instruments and readings read by people? One word for each, translatable."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, Promise]

ALL: Final[dict[str, Words]] = {
    "kind": {
        "site": _("site"),
        "room": _("room"),
        "cabinet": _("cabinet"),
        "shelf": _("shelf"),
        "container": _("container"),
    },
    "atmosphere": {
        "nitrogen": _("nitrogen"),
        "helium": _("helium"),
        "vacuum": _("vacuum"),
        "air": _("air"),
    },
    "material": {"steel": _("stainless steel"), "aluminium": _("aluminium"), "PTFE": _("PTFE")},
    # As the vocabulary of OSIRIS-REx calls them.
    "container_type": {
        "aluminumcontainer": _("aluminium container"),
        "aluminumwrapping": _("aluminium wrapping"),
        "customcontainer": _("custom container"),
        "glassvial": _("glass vial"),
        "polycarbonatecontainer": _("polycarbonate container"),
        "teflonbag": _("Teflon bag"),
    },
    "what": {
        "made": pgettext_lazy("what happened to a place", "made"),
        "moved": pgettext_lazy("what happened to a place", "moved"),
        "corrected": pgettext_lazy("what happened to a place", "corrected"),
        "closed": pgettext_lazy("what happened to a place", "closed"),
        "opened": pgettext_lazy("what happened to a place", "opened again"),
    },
    "field": {
        "kind": _("kind"),
        "code": _("code"),
        "name_en": _("name"),
        "name_zh": _("name in Chinese"),
        "container_type": _("type"),
        "atmosphere": _("atmosphere"),
        "allowed_materials": _("materials that may touch what is kept here"),
        "country": _("country"),
    },
    "instrument": {
        "balance": _("balance"),
        "microscope": _("microscope"),
        "camera": _("camera"),
        "scanner": _("tomograph"),
        "spectrometer": _("spectrometer"),
        "sensor": _("sensor"),
    },
    "quantity": {
        "oxygen": _("Oxygen"),
        "water": _("Water"),
        "pressure": _("Pressure"),
        "particles": _("Particles"),
        "temperature": _("Temperature"),
    },
    "column": {
        "place": _("place"),
        "at": _("time"),
        "quantity": _("quantity"),
        "value": _("value"),
        "unit": _("unit"),
        "instrument": _("instrument"),
    },
}


def said(about: str, code: str) -> Promise | str:
    """Return the word for a code; a code that has none is shown as it is written."""
    return ALL[about].get(code, code)


def choices(about: str, *, none: Promise | str = "") -> list[tuple[str, Promise | str]]:
    """Return the codes with their words, for a form; with `none` the first chooses nothing."""
    return [*([("", none)] if none else []), *ALL[about].items()]
