"""Reading: one file a noun; named for what comes back."""

from aliquot.site.queries import (
    bench,
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
    "bench",
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
