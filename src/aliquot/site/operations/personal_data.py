"""Forgetting somebody: asked for with a reason, looked at, then done once and for good, in one transaction.

What is somebody's alone is deleted; what others or the collection need stays with a key in the place of the name. Rows that the database
refuses to change, and texts that were published or agreed, stay as they are and are counted for whoever answers for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction

from aliquot import fault, personal_data, texts
from aliquot.fault import Fault
from aliquot.site import instance, search
from aliquot.site.models import (
    ConflictDeclared,
    Forgetting,
    Person,
    RequestFile,
    RoleGrant,
    Sample,
    SampleName,
    StoredFile,
)
from aliquot.site.operations import discussions, storage
from aliquot.site.queries import personal_data as reads
from aliquot.site.queries.personal_data import Mention

REASON_MOST: Final = 500
ALSO_MOST: Final = 20
FORGOTTEN_FILE: Final = b"This file was forgotten because somebody asked to be.\n"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What forgetting somebody would do: rows by table that are deleted, that lose a name, and that keep it."""

    deleted: dict[str, int]
    emptied: dict[str, int]
    stays: dict[str, list[object]]


@transaction.atomic
def ask(
    person: Person, *, reason: str, also: Sequence[str] = (), by: Person | None, at: datetime
) -> Forgetting:
    """Ask that somebody be forgotten, the first of two steps; asked again before it is done, the newest counts.

    `also` is how else texts name them. `by` is None where whoever runs the machine does it.
    """
    said = tuple(one.strip() for one in also if one.strip())
    fault.refuse_if((*check_asked(person, reason, said), *check(person, by=by)))
    made, _ = Forgetting.objects.update_or_create(
        person=person, defaults={"reason": reason.strip(), "also": list(said), "by": by, "at": at}
    )
    return made


def check_asked(person: Person, reason: str, also: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with how it is asked for."""
    yield from texts.check("reason", reason, most=REASON_MOST, needed=True)
    if personal_data.names(reason, reads.named(person, tuple(also))):
        yield fault.of("reason", "the reason names the person", "say it without the name: it is kept")
    if len(also) > ALSO_MOST:
        yield fault.of("also", "there are more than {most} names", "leave some out", most=ALSO_MOST)
    for one in also:
        yield from texts.check("also", one, most=200)
        if len(one) < personal_data.SHORTEST:
            yield fault.of("also", "a name of one character stands in every text", "write it in full")


def check(person: Person, *, by: Person | None) -> Iterator[Fault]:
    """Yield what stands against forgetting somebody now."""
    asked = reads.asked(person)
    if asked is not None and asked.done_at is not None:
        yield fault.of("person", "this person was forgotten already", "leave it as it is")
    if by is not None and by.pk == person.pk:
        yield fault.of(
            "person", "nobody forgets themselves: it needs a second person", "ask another director"
        )
    if reads.is_last_director(person):
        yield fault.of("person", "nobody else directs this facility", "give that role to somebody first")
    for request in reads.unfinished_requests(person):
        yield fault.of("request", "the request “{title}” is not at its end", "let it be withdrawn or decided first",
                       title=request.title or request.key)  # fmt: skip
    if reads.DUTIES["reviews"](person):
        yield fault.of("reviews", "there are reviews that they accepted or may accept", "release them first")
    if reads.DUTIES["loans"](person):
        yield fault.of("loans", "they answer for a loan", "let somebody else take it over, or end it first")


@transaction.atomic
def call_off(person: Person) -> None:
    """Take back that somebody is to be forgotten, as long as it was not done."""
    Forgetting.objects.filter(person=person, done_at=None).delete()


def outlook(person: Person, also: Sequence[str]) -> Outlook:
    """Return what the second step would do; writes nothing."""
    own = dict(reads.own(person))
    deleted = {model._meta.db_table: rows.count() for model, rows in own.items()}
    found = list(reads.mentions(reads.named(person, tuple(also))))
    emptied = Counter(
        one.table
        for one in found
        if not one.stays and not (one.model in own and own[one.model].filter(pk=one.pk).exists())
    )
    return Outlook(
        {table: n for table, n in sorted(deleted.items()) if n},
        dict(sorted(emptied.items())),
        _staying(found),
    )


def _staying(found: list[Mention]) -> dict[str, list[object]]:
    staying: dict[str, list[object]] = {}
    for one in found:
        if one.stays:
            staying.setdefault(one.table, []).append(one.pk)
    return dict(sorted(staying.items()))


@transaction.atomic
def forget(asked: Forgetting, *, said: str, by: Person | None, at: datetime) -> Forgetting:
    """Forget somebody, the second step; `said` repeats their key. Nothing brings back what it takes away."""
    person = Person.objects.select_for_update().get(pk=asked.person_id)
    now = Forgetting.objects.select_for_update().get(pk=asked.pk)
    faults = list(check(person, by=by))
    if said.strip() != person.key:
        faults.append(fault.of("said", "this is not the key of the person", "type {key}", key=person.key))
    fault.refuse_if(faults)
    known = reads.named(person, tuple(now.also))
    removed = Counter(dict(_delete_own(person)))
    _empty_texts(person, by=by, at=at)
    found = list(reads.mentions(known))
    for one in found:
        if not one.stays:
            _rewrite(one, known)
            removed[one.table] += 1
    _empty_person(person, by=by, at=at)
    now.also, now.removed, now.left = [], dict(sorted(removed.items())), _staying(found)
    now.done_by, now.done_at = by, at
    now.save()
    transaction.on_commit(
        lambda: _off_the_disk(known, anew=any(one.model in (Sample, SampleName) for one in found))
    )
    return now


def _delete_own(person: Person) -> Iterator[tuple[str, int]]:
    """Delete the rows that are theirs alone, notices before the mailings that they were in, and their sessions."""
    Session.objects.filter(session_key__in=reads.sessions(person)).delete()
    closed = reads.guarded()
    count, _ = person.notices.all().delete()
    if count:
        yield "aliquot_notice", count
    for model, rows in reads.own(person):
        if model._meta.db_table not in closed:
            count, _ = rows.delete()
            if count:
                yield model._meta.db_table, count


def _empty_texts(person: Person, *, by: Person | None, at: datetime) -> None:
    """Empty what they wrote of themselves and for few: conflicts, their part of discussions, files of their requests."""
    ConflictDeclared.objects.filter(reviewer=person).update(text="")
    discussions.forget(person)
    rows = list(RequestFile.objects.filter(request__lead=person).select_related("file"))
    if not rows:
        return
    instead, old = _forgotten_file(at), {row.file_id: row.file for row in rows}
    for row in rows:
        row.file, row.name = instead, "forgotten.txt"
        if row.removed_at is None:
            row.removed_at, row.removed_by = at, by
        row.save(update_fields=["file", "name", "removed_at", "removed_by"])
    for file in old.values():
        _drop(file)


def _forgotten_file(at: datetime) -> StoredFile:
    """Return the file that stands in the place of those that were forgotten; a receipt goes on naming something."""
    with storage.receive([FORGOTTEN_FILE], name="forgotten.txt", limits=settings.FILES) as arrived:
        storage.put(arrived)
        return storage.record(arrived, at=at)


def _drop(file: StoredFile) -> None:
    """Delete a file that no row names any more, and its bytes once that is so."""
    try:
        with transaction.atomic():
            file.delete()
    except models.ProtectedError:
        return
    transaction.on_commit(lambda: storage.remove(file.sha256))


def _rewrite(one: Mention, known: personal_data.Person) -> None:
    """Put the key in the place of the name; what must be unique or short stays so."""
    changed = {}
    for name, value in one.fields.items():
        field = one.model._meta.get_field(name)
        without = personal_data.without(value, known)
        if field.unique:
            without = f"{known.key}-{one.pk}"
        changed[name] = (
            without[: field.max_length] if isinstance(without, str) and field.max_length else without
        )
    one.model._base_manager.filter(pk=one.pk).update(**changed)


def _empty_person(person: Person, *, by: Person | None, at: datetime) -> None:
    RoleGrant.objects.filter(person=person, ended_at=None).update(ended_by=by, ended_at=at)
    person.email, person.name, person.other_name = f"person-{person.pk}@forgotten.invalid", person.key, ""
    person.is_active, person.last_login = False, None
    person.set_unusable_password()
    person.save()


def _off_the_disk(known: personal_data.Person, *, anew: bool) -> None:
    """Remove letters to them that were kept as files, and make the search index anew where it had their name."""
    for path in instance.mail(settings.HOME).glob("*"):
        if _names(path, known):
            path.unlink()
    if anew:
        search.rebuild()


def _names(path: Path, known: personal_data.Person) -> bool:
    return path.is_file() and personal_data.names(path.read_text("utf-8", "replace"), known)
