"""Writing: one file a noun; each act is one transaction."""

from aliquot.site.operations import people

__all__ = ["people"]
