"""Tables: fields, constraints, and how a row is called. Nothing here acts."""

from aliquot.site.models.audits import Audit, AuditLine, Incident, IncidentStep
from aliquot.site.models.files import Attachment, StoredFile
from aliquot.site.models.handling import (
    Approval,
    Calibration,
    Cleaning,
    Exposure,
    HandledSample,
    Handling,
    Instrument,
    Proposal,
    Remark,
    Tool,
    ToolUse,
)
from aliquot.site.models.imports import Disagreement, Draft, DraftFile, Reconciliation
from aliquot.site.models.law import Certificate, Screening, ScreeningDecision, Waiver
from aliquot.site.models.ledger import Balance, Checkpoint, Entry, Head, Holder, Posting, TreeHash
from aliquot.site.models.people import Person, Role, RoleGrant, SignInLink
from aliquot.site.models.places import Environment, Place, PlaceKind, PlaceMove
from aliquot.site.models.programs import Answered, Token
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
    "Answered",
    "Approval",
    "Attachment",
    "Audit",
    "AuditLine",
    "Availability",
    "Balance",
    "Calibration",
    "Certificate",
    "Checkpoint",
    "Cleaning",
    "Commitment",
    "Condition",
    "Descent",
    "Disagreement",
    "Draft",
    "DraftFile",
    "Entry",
    "Environment",
    "Exposure",
    "Form",
    "HandledSample",
    "Handling",
    "Head",
    "Holder",
    "Incident",
    "IncidentStep",
    "Instrument",
    "Person",
    "Place",
    "PlaceKind",
    "PlaceMove",
    "Posting",
    "Proposal",
    "Reconciliation",
    "Remark",
    "Role",
    "RoleGrant",
    "Sample",
    "SampleName",
    "Screening",
    "ScreeningDecision",
    "SignInLink",
    "StoredFile",
    "Token",
    "Tool",
    "ToolUse",
    "TreeHash",
    "Waiver",
    "Weighing",
]
