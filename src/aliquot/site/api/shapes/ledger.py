"""Shapes of what is answered about the log: entries and checkpoint."""

from __future__ import annotations

from enum import StrEnum

from ninja import Field, Schema

from aliquot.ledger import Kind
from aliquot.site.api.shapes import INDEX_MAX, MassNg, Paged

# Shapes have one name in the whole document; the record has kinds of its own.
EntryKind = StrEnum("EntryKind", [(one.name, one.value) for one in Kind])


class LineShape(Schema):
    """A posting as the book has it."""

    sample: str
    holder: str = Field(description="An opaque key.")
    mass_ng: MassNg


class UseShape(Schema):
    """From this entry on, what the sample is kept for."""

    sample: str
    use_class: str
    sealed: bool


class EntryShape(Schema):
    """One act on mass."""

    entry: int = Field(description="Its number; entries are numbered from 0 without gaps.")
    at: str = Field(description="RFC 3339, UTC.")
    kind: EntryKind
    by: str = Field(description="An opaque key.")
    postings: list[LineShape]
    uses: list[UseShape]
    basis: list[str]
    text: str = Field(description="The entry as it stands in the book: its bytes are the leaf data.")
    leaf_hash: str = Field(description="SHA-256 of 0x00 and the text (RFC 6962), in base64.")
    is_proven: bool = Field(description="The newest checkpoint covers it, so that /proof answers.")


class EntryPage(Schema):
    """A page of entries."""

    items: list[EntryShape]
    next: str | None = Field(description="Cursor of the next page; null when there is none yet.")


class CheckpointShape(Schema):
    """The newest signed statement of the log's size and root."""

    origin: str
    size: int
    root: str = Field(description="Base64.")
    note: str = Field(description="The C2SP signed note, as /ledger/checkpoint has it.")
    signed_at: str
    vkey: str = Field(
        description="The key that verifies it, in the note format. Check it elsewhere before trusting it."
    )


class EntryQuestion(Paged):
    """Which entries."""

    after: int | None = Field(
        None,
        ge=-1,
        le=INDEX_MAX,
        description="Only entries above this number, oldest first; -1 begins at the first.",
    )
