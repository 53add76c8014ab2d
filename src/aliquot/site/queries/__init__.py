"""Reading: one file a noun; named for what comes back."""

from aliquot.site.queries import health, ledger, people

__all__ = ["health", "ledger", "people"]
