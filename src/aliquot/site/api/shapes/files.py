"""Shapes of photographs and documents."""

from __future__ import annotations

from ninja import Field, Schema

from aliquot.site.api.shapes import WordsShape


class AttachmentShape(Schema):
    """A photograph or document, and what is said of it."""

    key: str = Field(description="Opaque; its page is /photographs/{key}/ or /documents/{key}/.")
    kind: str = Field(description="photograph, document or data: what its bytes are, whatever was said.")
    name: str = Field(description="Under which it is handed out.")
    sha256: str = Field(description="Of its bytes, in hexadecimal.")
    content_type: str
    size_bytes: int
    width_px: int | None = Field(description="Of a photograph, the right way up.")
    height_px: int | None
    alternative: WordsShape = Field(description="What is said in its place to those who do not see it.")
    um_per_px: str | None = Field(description="Micrometres per pixel, a decimal.")
    instrument: str | None = Field(description="The instrument's key.")
    taken_at: str | None = Field(description="RFC 3339.")
    credit: str
    published: bool


class AttachmentsShape(Schema):
    """Everything that is attached to one thing, newest first; what was removed is not among it."""

    items: list[AttachmentShape]
