"""Every act against every role: what permissions.py says, said a second time and compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from aliquot.site import operations, permissions
from aliquot.site.models import Person, Role
from aliquot.site.permissions import Act

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

# C curator, Q requester, R reviewer, H chair, L compliance, D director, A auditor; in the order of Role.
LETTERS = dict(zip(Role, "CQRHLDA", strict=True))
TABLE = {
    Act.SEE_PUBLISHED: "CQRHLDA",
    Act.SEE_DESK: "CRHLDA",
    Act.SEE_EXACT_PLACES: "CDA",
    Act.READ_PRIVATE_NOTES: "CD",
    Act.APPEND_ENTRIES: "C",
    Act.SEE_WORK: "CDA",
    Act.APPROVE_SEALED: "CD",
    Act.KEEP_PLACES: "C",
    Act.KEEP_FILES: "C",
    Act.SEE_FILES: "CDA",
    Act.COUNT_STOCK: "CA",
    Act.SIGN_AUDITS: "CDA",
    Act.REPORT_INCIDENTS: "CLDA",
    Act.SEE_INCIDENTS: "CLDA",
    Act.WRITE_REMARKS: "CD",
    Act.IMPORT_TABLES: "C",
    Act.SEE_SCREENINGS: "LDA",
    Act.DECIDE_ELIGIBILITY: "L",
    Act.KEEP_CALLS: "C",
    Act.PUBLISH_CALLS: "CD",
    Act.ASK_FOR_SAMPLES: "Q",
    Act.SEE_REQUESTS: "CHLDA",
    Act.ADMIT_REQUESTS: "CLD",
    Act.REVIEW_REQUESTS: "RH",
    Act.RUN_REVIEWS: "H",
    Act.SEE_REVIEWS: "HDA",
    Act.KEEP_PROFILE: "CRHLD",
    Act.DECIDE_REQUESTS: "HD",
    Act.SEE_PLANS: "CHDA",
    Act.MAKE_PLANS: "HD",
    Act.KEEP_LOANS: "C",
    Act.SIGN_LOANS: "D",
    Act.SEE_LOANS: "CLDA",
    Act.KEEP_DEEDS: "CD",
    Act.RECORD_RESULTS: "CQ",
    Act.PUBLISH_RESULTS: "CD",
    Act.SEE_RESULTS: "CDA",
    Act.PROPOSE_CLAIMS: "CQRHLDA",
    Act.JUDGE_CLAIMS: "CD",
    Act.SIGN_CHECKPOINTS: "C",
    Act.SEE_PERSON: "D",
    Act.MANAGE_PEOPLE: "D",
    Act.FORGET_PEOPLE: "D",
    Act.SEE_MAILINGS: "D",
    Act.GIVE_ROLES: "D",
    Act.LOOK_AT_TABLES: "DA",
}


def test_every_act_stands_in_the_table() -> None:
    assert set(TABLE) == set(Act) == set(permissions.ROLES) | permissions.EVERYBODY | permissions.SIGNED_IN


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_the_table_says_and_no_more(
    a_person: Callable[..., Person], role: Role
) -> None:
    somebody = a_person("Somebody", role)
    expected = {act for act, letters in TABLE.items() if LETTERS[role] in letters}
    assert {act for act in Act if permissions.may(somebody, act)} == expected
    assert permissions.acts_of(somebody) == expected


def test_ada_appends_bo_and_cy_do_not(ada: Person, bo: Person, cy: Person) -> None:
    assert permissions.may(ada, Act.APPEND_ENTRIES)
    assert not permissions.may(bo, Act.APPEND_ENTRIES)
    assert not permissions.may(cy, Act.APPEND_ENTRIES)


def test_strangers_see_what_is_published_and_di_may_propose_claims_too(di: Person) -> None:
    stranger = AnonymousUser()
    assert permissions.acts_of(stranger) == {Act.SEE_PUBLISHED}
    assert [act for act in Act if permissions.may(stranger, act)] == [Act.SEE_PUBLISHED]
    assert permissions.acts_of(di) == {Act.SEE_PUBLISHED, Act.PROPOSE_CLAIMS}
    assert {act for act in Act if permissions.may(di, act)} == {Act.SEE_PUBLISHED, Act.PROPOSE_CLAIMS}


def test_whoever_may_no_longer_sign_in_may_do_nothing(ada: Person) -> None:
    ada.is_active = False
    assert permissions.acts_of(ada) == {Act.SEE_PUBLISHED}
    assert not permissions.may(ada, Act.APPEND_ENTRIES)


def test_a_role_that_ended_gives_nothing(ada: Person, eve: Person) -> None:
    operations.people.end(ada, Role.CURATOR, by=eve, at=NOW)
    assert not permissions.may(ada, Act.APPEND_ENTRIES)


def test_everybody_sees_their_own_account_and_the_director_each(ada: Person, di: Person, eve: Person) -> None:
    assert permissions.may(di, Act.SEE_PERSON, di)
    assert not permissions.may(di, Act.SEE_PERSON, ada)
    assert permissions.may(eve, Act.SEE_PERSON, di)


def test_the_director_gives_roles_to_others_and_not_to_herself(ada: Person, eve: Person) -> None:
    assert permissions.may(eve, Act.GIVE_ROLES, ada)
    assert not permissions.may(eve, Act.GIVE_ROLES, eve)


def test_a_guarded_view_asks_strangers_to_sign_in_and_refuses_others(
    rf: RequestFactory, ada: Person, bo: Person
) -> None:
    @permissions.require(Act.SEE_DESK)
    def desk(_request: object) -> HttpResponse:
        return HttpResponse("the desk")

    request = rf.get("/desk/?page=2")
    request.user = AnonymousUser()
    answer = desk(request)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/desk/%3Fpage%3D2")
    request.user = bo
    with pytest.raises(PermissionDenied):
        desk(request)
    request.user = ada
    assert desk(request).content == b"the desk"


def test_a_view_that_has_to_find_the_thing_first_refuses_afterwards(ada: Person, di: Person) -> None:
    permissions.refuse_unless(di, Act.SEE_PERSON, di)
    with pytest.raises(PermissionDenied):
        permissions.refuse_unless(di, Act.SEE_PERSON, ada)


def test_what_somebody_may_do_costs_one_query(ada: Person, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):
        permissions.acts_of(ada)
    with django_assert_num_queries(0):
        permissions.may(ada, Act.SEE_PUBLISHED)
