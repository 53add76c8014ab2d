"""What are the tables of the database called by people who have to decide what becomes of somebody's data?"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TABLES: Final[dict[str, Promise]] = {
    "account_emailaddress": _("e-mail addresses"),
    "mfa_authenticator": _("passkeys and second factors"),
    "socialaccount_socialaccount": _("accounts elsewhere"),
    "aliquot_signinlink": _("sign-in links"),
    "aliquot_token": _("tokens for programs"),
    "aliquot_answered": _("answers kept for forms that are sent twice"),
    "aliquot_notice": _("notices"),
    "aliquot_mailing": _("e-mails that carried notices"),
    "aliquot_noticechoice": _("choices of notices"),
    "aliquot_correspondence": _("language and time zone"),
    "aliquot_watch": _("calls that were watched"),
    "aliquot_basketitem": _("samples gathered for a request"),
    "aliquot_reviewerprofile": _("profiles of reviewers"),
    "aliquot_request": _("titles of requests"),
    "aliquot_requestversion": _("texts of requests"),
    "aliquot_requestfile": _("files of requests"),
    "aliquot_requeststep": _("steps of requests, with their reasons"),
    "aliquot_requestdecision": _("decisions, with their reasons"),
    "aliquot_lettertext": _("letters of decision"),
    "aliquot_conflictdeclared": _("conflicts that were declared"),
    "aliquot_discussiontext": _("discussions"),
    "aliquot_review": _("reviews"),
    "aliquot_reviewstep": _("steps of reviews, as they were handed in"),
    "aliquot_call": _("calls"),
    "aliquot_callstep": _("steps of calls, with what was published"),
    "aliquot_callquestion": _("questions on calls"),
    "aliquot_remark": _("remarks on samples"),
    "aliquot_sample": _("samples"),
    "aliquot_attachment": _("photographs and documents"),
    "aliquot_handling": _("acts at the bench"),
    "aliquot_proposal": _("proposals"),
    "aliquot_approval": _("approvals, with their reasons"),
    "aliquot_incident": _("incidents"),
    "aliquot_incidentstep": _("steps of incidents"),
    "aliquot_screening": _("screenings, with the facts that they rest on"),
    "aliquot_screeningdecision": _("decisions on screenings"),
    "aliquot_certificate": _("certificates of agencies"),
    "aliquot_waiver": _("waivers"),
    "aliquot_loanduty": _("who answered for loans"),
    "aliquot_loanagreement": _("agreements on loans"),
    "aliquot_agreementstep": _("steps of agreements, with who signed"),
    "aliquot_entry": _("entries of the ledger"),
}


def table(name: str) -> str | Promise:
    """Return what a table is called, or its own name where it has no other."""
    return TABLES.get(name, name)
