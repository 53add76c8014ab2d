"""How the properties of the library are tested: no deadline, for a busy machine is no fault of the code."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("library", deadline=None)
settings.load_profile("library")
