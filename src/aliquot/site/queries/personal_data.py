"""Where is somebody in the database? Every table, every text, by what the database itself says may be changed.

Nothing here knows the tables by name but those whose texts stand although they could be changed (`FROZEN`): a table that is
added tomorrow is looked through as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Cast

from aliquot import personal_data
from aliquot.site.models import (
    Call,
    Forgetting,
    LoanAgreement,
    LoanDuty,
    Person,
    Request,
    RequestVersion,
    Review,
    Role,
    RoleGrant,
)

TEXTS: Final = (models.CharField, models.TextField, models.JSONField)
# Rows whose text stands as it is although the table could be changed, and why; by a rule on the row.
FROZEN: Final[dict[type[models.Model], tuple[Q, str]]] = {
    Call: (Q(published_at__isnull=False), "published"),
    LoanAgreement: (~Q(state="drafted"), "agreed"),
}
# Of these nothing is shown to anybody, themselves included.
SECRET: Final = ("password", "token_hash", "data", "asked_sha256", "salt", "claimed_by")
UNFINISHED: Final = ("draft", "submitted", "in review", "on the short list", "deferred", "under appeal")
_NOT_LOOKED_AT: Final = (Person, Forgetting, Session)


@dataclass(frozen=True, slots=True)
class Mention:
    """A row that names somebody, in which of its fields, and why it stays as it is, if it does."""

    model: type[models.Model]
    pk: object
    fields: dict[str, object]
    stays: str = ""

    @property
    def table(self) -> str:
        return self.model._meta.db_table


def guarded() -> frozenset[str]:
    """Return the tables in which the database itself refuses to change a row."""
    if connection.vendor == "postgresql":
        asked = (
            "SELECT event_object_table FROM information_schema.triggers WHERE event_manipulation = 'UPDATE'"
        )
    else:
        asked = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%refuses_update'"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return frozenset(row[0] for row in cursor.fetchall())


def tables() -> list[type[models.Model]]:
    """Return every table with rows of its own."""
    return [
        one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy
    ]


def named(person: Person, also: tuple[str, ...] = ()) -> personal_data.Person:
    """Return somebody as texts name them: by name, by address, by ORCID iD, and as is told besides."""
    from allauth.account.models import EmailAddress

    addresses = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    names = (person.name, person.other_name, person.email, *addresses, *also)
    profile = getattr(person, "reviewer_profile", None)
    known = personal_data.Person(person.key, tuple(dict.fromkeys(names)))
    orcids = {profile.orcid} if profile and profile.orcid else set()
    for told in RequestVersion.objects.filter(
        Q(request__lead=person) | Q(request__members__person=person)
    ).values_list("told", flat=True):
        orcids |= personal_data.orcids_beside(told, known)
    return personal_data.Person(person.key, known.names, tuple(sorted(orcids)))


def mentions(known: personal_data.Person) -> Iterator[Mention]:
    """Yield every row of every table that names somebody; other people's own rows are not looked at."""
    closed = guarded()
    for model in tables():
        if model not in _NOT_LOOKED_AT:
            yield from _mentions(model, known, closed)


def _mentions(
    model: type[models.Model], known: personal_data.Person, closed: frozenset[str]
) -> Iterator[Mention]:
    fields = [field for field in model._meta.concrete_fields if isinstance(field, TEXTS)]
    if not fields:
        return
    frozen, why = FROZEN.get(model, (None, ""))
    still = (
        set(model._base_manager.filter(frozen).values_list("pk", flat=True)) if frozen is not None else set()
    )
    for row in _likely(model, fields, known).iterator(chunk_size=1_000):
        found = {
            field.attname: value
            for field in fields
            if (value := getattr(row, field.attname)) and personal_data.without(value, known) != value
        }
        if found:
            stays = "append-only" if model._meta.db_table in closed else why if row.pk in still else ""
            yield Mention(model, row.pk, found, stays)


def _likely(
    model: type[models.Model], fields: list[models.Field], known: personal_data.Person
) -> models.QuerySet[models.Model]:
    """Return the rows in which a database finds the first word of a name somewhere: few enough to be read."""
    texts = {f"_as_text_{field.attname}": Cast(field.attname, models.TextField()) for field in fields}
    either = Q()
    for name in texts:
        for word in personal_data.spelled(known.words):
            either |= Q(**{f"{name}__icontains": word})
    return model._base_manager.annotate(**texts).filter(either) if either else model._base_manager.none()


def own(person: Person) -> Iterator[tuple[type[models.Model], models.QuerySet[models.Model]]]:
    """Yield the rows that are somebody's alone: those that would fall with them, by what their table says."""
    for model, fields in _pointing():
        falling = [name for name, falls in fields if falls]
        if falling:
            yield model, model._base_manager.filter(_either(falling, person))


def touched(person: Person) -> Iterator[tuple[type[models.Model], models.QuerySet[models.Model]]]:
    """Yield every row that points to somebody, whatever for, table by table."""
    for model, fields in _pointing():
        yield model, model._base_manager.filter(_either([name for name, _ in fields], person)).order_by("pk")


def _pointing() -> Iterator[tuple[type[models.Model], list[tuple[str, bool]]]]:
    for model in tables():
        fields = [
            (field.name, field.remote_field.on_delete is models.CASCADE)
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model is Person
        ]
        if fields:
            yield model, fields


def _either(fields: list[str], person: Person) -> Q:
    either = Q()
    for name in fields:
        either |= Q(**{name: person})
    return either


def sessions(person: Person) -> list[str]:
    """Return the keys of the sessions in which somebody is signed in."""
    return [
        one.session_key
        for one in Session.objects.iterator(chunk_size=1_000)
        if one.get_decoded().get("_auth_user_id") == str(person.pk)
    ]


# --- What stands against it ----------------------------------------------------------------------------------


def unfinished_requests(person: Person) -> list[Request]:
    """Return the requests that somebody leads and that are not at their end."""
    return list(Request.objects.filter(lead=person, state__in=UNFINISHED).order_by("pk"))


# What somebody still has to do, by a word for it; each part that gives people duties adds its own.
DUTIES: Final[dict[str, Callable[[Person], bool]]] = {
    "reviews": lambda person: Review.objects.filter(
        reviewer=person, state__in=("assigned", "accepted")
    ).exists(),
    "loans": lambda person: LoanDuty.objects.filter(person=person, until=None).exists(),
}


def is_last_director(person: Person) -> bool:
    """Whether nobody else would be left who directs."""
    directors = RoleGrant.objects.filter(role=Role.DIRECTOR, ended_at=None, person__is_active=True)
    return directors.filter(person=person).exists() and not directors.exclude(person=person).exists()


def asked(person: Person) -> Forgetting | None:
    """Return what was asked for of somebody, done or not."""
    return Forgetting.objects.filter(person=person).select_related("by", "done_by").first()


def people(text: str) -> models.QuerySet[Person]:
    """Return everybody who has an account and was not forgotten, or those whose name or address has the text, by name."""
    rows = Person.objects.exclude(forgetting__done_at__isnull=False).order_by("name", "pk")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(other_name__icontains=text) | Q(email__icontains=text))
    return rows
