"""Who may do what. The one place to read it, and the one place to change it.

`ROLES` says which roles suffice for an act, whatever it is done to. `OWN` opens an act to somebody without such a
role when it concerns their own thing; `NEVER` closes it even to those who hold the role. What is not written here
nobody may do. Later parts add lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from aliquot.site import queries
from aliquot.site.models import Call, Person, RegisterClaim, Role

Somebody = Person | AnonymousUser
Rule = Callable[[Person, object], bool]
Rest = ParamSpec("Rest")


class Act(StrEnum):
    """What can be done here, said as a curator would."""

    SEE_PUBLISHED = "see what is published"
    SEE_DESK = "see the staff desk"
    SEE_EXACT_PLACES = "see the exact place of a sample"
    READ_PRIVATE_NOTES = "read private notes"
    APPEND_ENTRIES = "append entries to the ledger"
    SEE_WORK = "see what was done at the bench"
    APPROVE_SEALED = "approve an act on a sealed sample"
    KEEP_PLACES = "keep places, tools and instruments"
    KEEP_FILES = "attach photographs and documents"
    SEE_FILES = "see photographs and documents that are not published"
    COUNT_STOCK = "count the stock"
    SIGN_AUDITS = "sign an audit"
    REPORT_INCIDENTS = "report incidents"
    SEE_INCIDENTS = "see incidents"
    WRITE_REMARKS = "write remarks on a sample's file"
    IMPORT_TABLES = "import tables"
    SEE_SCREENINGS = "see screenings, certificates and waivers"
    DECIDE_ELIGIBILITY = "decide on eligibility"
    KEEP_CALLS = "draft calls and answer questions on them"
    PUBLISH_CALLS = "publish and cancel calls"
    ASK_FOR_SAMPLES = "ask for samples"
    SEE_REQUESTS = "see requests that were submitted"
    ADMIT_REQUESTS = "admit requests or turn them away"
    REVIEW_REQUESTS = "review requests"
    RUN_REVIEWS = "assign reviewers and plan hearings"
    SEE_REVIEWS = "see every review of a call"
    KEEP_PROFILE = "tell what conflicts of interest follow from"
    DECIDE_REQUESTS = "record decisions on requests"
    SEE_PLANS = "see plans of allocation"
    MAKE_PLANS = "make plans of allocation and adopt them"
    KEEP_LOANS = "write agreements, prepare loans, send parcels and take in what comes back"
    SIGN_LOANS = "countersign agreements, approve shows and close loans that are lost"
    SEE_LOANS = "see every loan, parcel, deed and show"
    KEEP_DEEDS = "record gifts, exchanges and deposits"
    RECORD_RESULTS = "record analyses and derive ages"
    PUBLISH_RESULTS = "let everybody see a result"
    SEE_RESULTS = "see results that are not published"
    PROPOSE_CLAIMS = "propose claims of the public register"
    JUDGE_CLAIMS = "look at claims that somebody else proposed"
    SIGN_CHECKPOINTS = "sign a checkpoint"
    SEE_PERSON = "see a person's account"
    MANAGE_PEOPLE = "invite people"
    FORGET_PEOPLE = "hand out and forget what is known of a person"
    SEE_MAILINGS = "see e-mails that did not arrive"
    GIVE_ROLES = "give and end roles"
    LOOK_AT_TABLES = "look at the tables behind the pages"


CURATOR, REQUESTER, REVIEWER, CHAIR = Role.CURATOR, Role.REQUESTER, Role.REVIEWER, Role.CHAIR
COMPLIANCE, DIRECTOR, AUDITOR = Role.COMPLIANCE, Role.DIRECTOR, Role.AUDITOR

EVERYBODY = frozenset({Act.SEE_PUBLISHED})
# Whoever is signed in, whatever their role.
SIGNED_IN = frozenset({Act.PROPOSE_CLAIMS})

ROLES: Mapping[Act, frozenset[Role]] = {
    Act.SEE_DESK: frozenset({CURATOR, REVIEWER, CHAIR, COMPLIANCE, DIRECTOR, AUDITOR}),
    # Where a sample lies exactly is of use to a thief; an auditor must be able to go and look.
    Act.SEE_EXACT_PLACES: frozenset({CURATOR, DIRECTOR, AUDITOR}),
    Act.READ_PRIVATE_NOTES: frozenset({CURATOR, DIRECTOR}),
    # A director decides and an auditor checks; neither writes what the other would have to trust.
    Act.APPEND_ENTRIES: frozenset({CURATOR}),
    # A director and a curator may each say yes to an act on a sealed sample; nobody to their own (see approvals).
    Act.APPROVE_SEALED: frozenset({CURATOR, DIRECTOR}),
    Act.SEE_WORK: frozenset({CURATOR, DIRECTOR, AUDITOR}),
    Act.KEEP_PLACES: frozenset({CURATOR}),
    Act.KEEP_FILES: frozenset({CURATOR}),
    Act.SEE_FILES: frozenset({CURATOR, DIRECTOR, AUDITOR}),
    # An auditor may count, and whoever counted does not sign (see audits).
    Act.COUNT_STOCK: frozenset({CURATOR, AUDITOR}),
    Act.SIGN_AUDITS: frozenset({CURATOR, DIRECTOR, AUDITOR}),
    Act.REPORT_INCIDENTS: frozenset({CURATOR, COMPLIANCE, DIRECTOR, AUDITOR}),
    Act.SEE_INCIDENTS: frozenset({CURATOR, COMPLIANCE, DIRECTOR, AUDITOR}),
    Act.WRITE_REMARKS: frozenset({CURATOR, DIRECTOR}),
    Act.IMPORT_TABLES: frozenset({CURATOR}),
    Act.SEE_SCREENINGS: frozenset({COMPLIANCE, DIRECTOR, AUDITOR}),
    # The machine advises; this person decides, and records what agencies certified and who waived what.
    Act.DECIDE_ELIGIBILITY: frozenset({COMPLIANCE}),
    Act.KEEP_CALLS: frozenset({CURATOR}),
    Act.PUBLISH_CALLS: frozenset({CURATOR, DIRECTOR}),
    Act.ASK_FOR_SAMPLES: frozenset({REQUESTER}),
    # A reviewer sees what was assigned, an applicant their own (see queries.requests); these see the whole field.
    Act.SEE_REQUESTS: frozenset({CURATOR, CHAIR, COMPLIANCE, DIRECTOR, AUDITOR}),
    Act.ADMIT_REQUESTS: frozenset({CURATOR, COMPLIANCE, DIRECTOR}),
    # Curators inform and do not vote, so they neither review nor decide.
    Act.REVIEW_REQUESTS: frozenset({REVIEWER, CHAIR}),
    Act.RUN_REVIEWS: frozenset({CHAIR}),
    # And the panel of that call (see OWN); whoever has a conflict with a request sees none of its reviews.
    Act.SEE_REVIEWS: frozenset({CHAIR, DIRECTOR, AUDITOR}),
    Act.KEEP_PROFILE: frozenset({REVIEWER, CHAIR, CURATOR, COMPLIANCE, DIRECTOR}),
    Act.DECIDE_REQUESTS: frozenset({CHAIR, DIRECTOR}),
    # A plan ranks requests: whoever cuts the samples may see it, and whoever sits on the panel of the call (see web.plans).
    Act.SEE_PLANS: frozenset({CURATOR, CHAIR, DIRECTOR, AUDITOR}),
    Act.MAKE_PLANS: frozenset({CHAIR, DIRECTOR}),
    # A borrower sees and reports their own (see queries.loans); these see all of them.
    Act.KEEP_LOANS: frozenset({CURATOR}),
    Act.SIGN_LOANS: frozenset({DIRECTOR}),
    Act.SEE_LOANS: frozenset({CURATOR, COMPLIANCE, DIRECTOR, AUDITOR}),
    Act.KEEP_DEEDS: frozenset({CURATOR, DIRECTOR}),
    # A requester records what was measured on splits that they hold, and sees of the unpublished their own (see results).
    Act.RECORD_RESULTS: frozenset({CURATOR, REQUESTER}),
    Act.PUBLISH_RESULTS: frozenset({CURATOR, DIRECTOR}),
    Act.SEE_RESULTS: frozenset({CURATOR, DIRECTOR, AUDITOR}),
    # Nobody judges a claim of their own (see NEVER).
    Act.JUDGE_CLAIMS: frozenset({CURATOR, DIRECTOR}),
    Act.SIGN_CHECKPOINTS: frozenset({CURATOR}),
    Act.SEE_PERSON: frozenset({DIRECTOR}),
    Act.MANAGE_PEOPLE: frozenset({DIRECTOR}),
    Act.FORGET_PEOPLE: frozenset({DIRECTOR}),
    Act.SEE_MAILINGS: frozenset({DIRECTOR}),
    Act.GIVE_ROLES: frozenset({DIRECTOR}),
    Act.LOOK_AT_TABLES: frozenset({DIRECTOR, AUDITOR}),
}


def is_oneself(person: Person, other: object) -> bool:
    return isinstance(other, Person) and other.pk == person.pk


def sits_on_panel(person: Person, call: object) -> bool:
    return isinstance(call, Call) and queries.reviewing.sits(call, person)


def proposed_it(person: Person, claim: object) -> bool:
    return isinstance(claim, RegisterClaim) and claim.by_id == person.pk


OWN: Mapping[Act, Rule] = {
    Act.SEE_PERSON: is_oneself,
    Act.SEE_REVIEWS: sits_on_panel,
}

NEVER: Mapping[Act, Rule] = {
    # Whoever gives roles does not give them to themselves; the command line does, for whoever runs the machine.
    Act.GIVE_ROLES: is_oneself,
    # Two persons stand behind every claim that counts.
    Act.JUDGE_CLAIMS: proposed_it,
}


def may(person: Somebody, act: Act, thing: object = None) -> bool:
    """Return whether somebody may do this (to that thing)."""
    if act in EVERYBODY:
        return True
    if not isinstance(person, Person) or not person.is_active:
        return False
    if act in SIGNED_IN:
        return True
    if act in NEVER and NEVER[act](person, thing):
        return False
    if act in OWN and OWN[act](person, thing):
        return True
    return not ROLES[act].isdisjoint(queries.people.roles_of(person))


def acts_of(person: Somebody) -> frozenset[Act]:
    """Return all that somebody may do whatever it is done to: for menus, in one query."""
    if not isinstance(person, Person) or not person.is_active:
        return EVERYBODY
    held = queries.people.roles_of(person)
    return EVERYBODY | SIGNED_IN | {act for act, roles in ROLES.items() if not roles.isdisjoint(held)}


def refuse_unless(person: Somebody, act: Act, thing: object = None) -> None:
    """Answer 403 unless somebody may do this to that thing; for views that have to find the thing first."""
    if not may(person, act, thing):
        raise PermissionDenied


def require(
    act: Act,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Rest], HttpResponse]],
    Callable[Concatenate[HttpRequest, Rest], HttpResponse],
]:
    """Let only those see a view who may do this act; strangers are asked to sign in first."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, Rest], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
            if may(request.user, act):
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied

        return guarded

    return decorate
