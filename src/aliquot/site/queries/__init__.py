"""Reading: one file a noun; named for what comes back."""

from aliquot.site.queries import (
    exports,
    facility,
    families,
    health,
    ledger,
    people,
    reconciliations,
    register,
    samples,
)

__all__ = [
    "exports",
    "facility",
    "families",
    "health",
    "ledger",
    "people",
    "reconciliations",
    "register",
    "samples",
]
