"""Writing: one file a noun; each act is one transaction."""

from aliquot.site.operations import notices, people

__all__ = ["notices", "people"]
