"""Reading conflicts of interest: who may not review or decide what, and on which ground.

Declared, or found in what is known of reviewers (their profiles) and of those who ask (what they submitted). However many
requests and people: four queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from aliquot import identifiers, reviews
from aliquot.policy import Policy
from aliquot.reviews import Ground
from aliquot.site.models import (
    ConflictDeclared,
    Person,
    Receipt,
    Request,
    RequestLeaver,
    RequestMember,
    ReviewerProfile,
)

Pair = tuple[int, int]  # the rows of a request and of a person


def of_field(
    rows: Sequence[Request],
    people: Sequence[Person],
    *,
    rules: Policy,
    at: datetime,
    told: Mapping[int, Mapping[str, object]] | None = None,
) -> dict[Pair, Ground]:
    """Return the first ground for each of these people and requests between whom there is a conflict.

    `told` is what was submitted, by the row of the request, where it was read already.
    """
    profiles = {row.person_id: row for row in ReviewerProfile.objects.filter(person__in=people)}
    said = submitted(rows) if told is None else told
    declared = {
        (row.request_id, row.reviewer_id): Ground(row.ground)
        for row in ConflictDeclared.objects.filter(request__in=rows, reviewer__in=people)
    }
    found = _computed(rows, people, [_team(said.get(row.pk, {})) for row in rows], profiles, rules, at)
    # Who was taken off a request has written it all the same.
    members, leavers = (
        model.objects.filter(request__in=rows, person__in=people)
        .order_by()
        .values_list("request_id", "person_id")
        for model in (RequestMember, RequestLeaver)
    )
    authors = {(row.pk, row.lead_id) for row in rows} | set(members.union(leavers))
    known = {person.pk for person in people}
    own = {pair: Ground.OWN for pair in authors if pair[1] in known}
    return {**found, **declared, **own}


def submitted(rows: Sequence[Request]) -> dict[int, Mapping[str, object]]:
    """Return the text that counts of each request that was submitted, by its row: that of its newest receipt."""
    held = Receipt.objects.filter(request__in=rows).order_by("pk")
    return dict(held.values_list("request_id", "version__told"))


def _computed(
    rows: Sequence[Request],
    people: Sequence[Person],
    teams: Sequence[tuple[reviews.Person, ...]],
    profiles: Mapping[int, ReviewerProfile],
    rules: Policy,
    at: datetime,
) -> dict[Pair, Ground]:
    apart = frozenset(frozenset(pair.split("-")) for pair in rules.countries_apart)
    about = reviews.Rules(at.year, rules.coauthor_years, apart)
    ours = tuple(_reviewer(person, profiles.get(person.pk)) for person in people)
    return {
        (rows[one.request].pk, people[one.reviewer].pk): one.ground
        for one in reviews.conflicts(teams, ours, about, ())
    }


def _team(told: Mapping[str, object]) -> tuple[reviews.Person, ...]:
    """Return who asks. What was submitted had no faults, so its shape is known; identifiers stand as they were typed."""
    lead, team = told.get("lead"), told.get("team")
    named = [one for one in (lead, *(team if isinstance(team, list) else ())) if isinstance(one, dict)]
    return tuple(_applicant(one) for one in named)


def _applicant(told: Mapping[str, object]) -> reviews.Person:
    orcid, ror = identifiers.orcid(str(told.get("orcid", ""))), identifiers.ror(str(told.get("ror", "")))
    key = orcid if isinstance(orcid, str) else ""
    return _person(
        key, {ror} if isinstance(ror, str) else (), str(told.get("country", "")).strip().upper(), ()
    )


def _reviewer(person: Person, profile: ReviewerProfile | None) -> reviews.Person:
    if profile is None:
        return _person(person.key, (), "", ())
    return _person(profile.orcid or person.key, profile.institutions, profile.country, profile.papers)


def _person(
    key: str, institutions: Iterable[str], country: str, papers: Iterable[Sequence[object]]
) -> reviews.Person:
    """Return somebody as conflicts see them; where no ORCID iD is known the key matches nobody's."""
    known = frozenset((int(str(year)), str(who)) for year, who in papers)
    return reviews.Person(key or "nobody", frozenset(institutions), country, known)
