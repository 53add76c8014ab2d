"""Tables: fields, constraints, and how a row is called. Nothing here acts."""

from aliquot.site.models.ledger import Balance, Checkpoint, Entry, Head, Holder, Posting, TreeHash
from aliquot.site.models.people import Person, Role, RoleGrant, SignInLink
from aliquot.site.models.samples import (
    Availability,
    Commitment,
    Condition,
    Descent,
    Form,
    Sample,
    SampleName,
    Weighing,
)

__all__ = [
    "Availability",
    "Balance",
    "Checkpoint",
    "Commitment",
    "Condition",
    "Descent",
    "Entry",
    "Form",
    "Head",
    "Holder",
    "Person",
    "Posting",
    "Role",
    "RoleGrant",
    "Sample",
    "SampleName",
    "SignInLink",
    "TreeHash",
    "Weighing",
]
