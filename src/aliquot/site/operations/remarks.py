"""What somebody writes on a sample's file. Remarks are kept as they were written and never shown to the public."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from aliquot import fault
from aliquot.site.models import Person, Remark, Sample

CHARS_MAX = 4000


@transaction.atomic
def write(number: str, text: str, *, by: Person, at: datetime) -> Remark:
    """Write a remark on a sample's file."""
    said = text.strip().replace("\r\n", "\n")
    faults = []
    if not said:
        faults.append(fault.of("text", "the remark is empty", "say something, or leave it"))
    if len(said) > CHARS_MAX:
        faults.append(fault.of("text", "the remark has more than {most} characters", "attach it as a document",
                               most=CHARS_MAX))  # fmt: skip
    if any(not c.isprintable() and c != "\n" for c in said):
        faults.append(fault.of("text", "the remark has a character that cannot be seen", "type it again"))
    sample = Sample.objects.filter(number=number).first()
    if sample is None:
        faults.append(fault.of("number", "there is no sample {number}", "search the catalogue for it",
                               number=number[:80]))  # fmt: skip
    fault.refuse_if(faults)
    return Remark.objects.create(sample=sample, text=said, by=by, at=at)
