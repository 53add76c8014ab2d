"""Reading: one file a noun; named for what comes back."""

from aliquot.site.queries import (
    exports,
    facility,
    families,
    files,
    handling,
    health,
    histories,
    ledger,
    overview,
    people,
    reconciliations,
    register,
    samples,
)

__all__ = [
    "exports",
    "facility",
    "families",
    "files",
    "handling",
    "health",
    "histories",
    "ledger",
    "overview",
    "people",
    "reconciliations",
    "register",
    "samples",
]
