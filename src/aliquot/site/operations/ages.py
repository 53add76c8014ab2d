"""Acts on ages: derive one from analyses, set another beside it, let everybody see it. One transaction an act.

An age is kept as request and answer, byte by byte, and never changed: points left out, or other constants, make another
age beside the first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from aliquot import fault, results, texts
from aliquot.fault import Refused
from aliquot.results import Json, Wish
from aliquot.site import queries
from aliquot.site.models import AgePublished, AgeRow, DerivedAge, Person
from aliquot.site.operations.results import new_key
from aliquot.site.queries.results import Age, Sees, Told


@transaction.atomic
def derive(
    wish: Wish,
    keys: Sequence[str],
    *,
    title: str = "",
    sees: Sees,
    beside: str = "",
    why: str = "",
    by: Person,
    at: datetime,
) -> DerivedAge:
    """Derive an age from the analyses of these keys, and keep request and answer; `beside` names the age that it varies."""
    found = queries.results.chosen(keys, sees)
    faults = list(texts.check("title", title, most=200))
    if len(found) != len(dict.fromkeys(keys)):
        faults.append(
            fault.of("analyses", "one of these analyses is not there", "choose among those of the page")
        )
    fault.refuse_if(faults)
    asked = results.request(wish, [one.part for one in found])
    before = _beside(beside, why, sees)
    return _keep(asked, wish.meaning, found, wish.omitted, title=title, beside=before, why=why, by=by, at=at)


@transaction.atomic
def leave_out(
    key: str, omitted: Mapping[str, str], *, why: str = "", sees: Sees, by: Person, at: datetime
) -> DerivedAge:
    """Set a new age beside one: from the same rows, with these analyses left out, each with its reason."""
    before, rows = _known(key, sees)
    reasons = {row.analysis: omitted[row.analysis] for row in rows if row.analysis in omitted}
    faults = [fault.of("reason", "a point is not left out without a reason", "say why it does not belong to the line")
              for reason in reasons.values() if not reason.strip()]  # fmt: skip
    faults += [
        one for reason in reasons.values() for one in texts.check("reason", reason, most=results.REASON_MOST)
    ]
    if len(reasons) == len(rows):
        faults.append(fault.of("omit", "nothing would be left", "leave out fewer"))
    if reasons == {row.analysis: row.omitted for row in rows if row.omitted}:
        faults.append(
            fault.of("omit", "nothing would change", "mark the points that do not belong to the line")
        )
    fault.refuse_if(faults)
    asked = {name: value for name, value in before.asked.items() if name != "omit"}
    omit = [
        {"row": row.row, "reason": reasons[row.analysis].strip()} for row in rows if row.analysis in reasons
    ]
    if omit:
        asked["omit"] = omit
    found = _all_of(rows, sees)
    said = why or "; ".join(dict.fromkeys(reason.strip() for reason in reasons.values()))
    return _keep(
        asked,
        before.meaning,
        found,
        reasons,
        title=before.title,
        beside=_row(before),
        why=said[:500],
        by=by,
        at=at,
    )


@transaction.atomic
def under(key: str, sets: Sequence[str], *, sees: Sees, by: Person, at: datetime) -> DerivedAge:
    """Set a new age beside one: the same rows under other sets of constants."""
    before, rows = _known(key, sees)
    found = _all_of(rows, sees)
    omitted = {row.analysis: row.omitted for row in rows if row.omitted}
    asked = results.with_constants(before.asked, sets)
    return _keep(
        asked,
        before.meaning,
        found,
        omitted,
        title=before.title,
        beside=_row(before),
        why=", ".join(sets),
        by=by,
        at=at,
    )


def _known(key: str, sees: Sees) -> tuple[Age, tuple[queries.results.Row, ...]]:
    before = queries.results.age(key, sees)
    if before is None:
        raise Refused([fault.of("age", "there is no such age", "load the page again")])
    return before, queries.results.rows_of(before)


def _all_of(rows: Sequence[queries.results.Row], sees: Sees) -> tuple[Told, ...]:
    """Return the analyses of an age's rows; refused where one of them may not be seen any more."""
    found = queries.results.chosen([row.analysis for row in rows], sees)
    if len(found) != len(rows):
        raise Refused(
            [fault.of("analyses", "one of these analyses is not there", "choose among those of the page")]
        )
    return found


def _row(one: Age) -> DerivedAge:
    return DerivedAge.objects.get(pk=one.pk)


def _beside(key: str, why: str, sees: Sees) -> DerivedAge | None:
    if not key:
        return None
    before = queries.results.age(key, sees)
    faults = list(texts.check("why", why, most=500, needed=True))
    if before is None:
        faults.append(fault.of("beside", "there is no such age", "load the page again"))
    fault.refuse_if(faults)
    return _row(before) if before else None


def _keep(
    asked: Json,
    meaning: str,
    found: Sequence[Told],
    omitted: Mapping[str, str],
    *,
    title: str,
    beside: DerivedAge | None,
    why: str,
    by: Person,
    at: datetime,
) -> DerivedAge:
    derived = results.derive(asked)
    answer = json.loads(derived.answer)
    fault.refuse_if(results.check_answer(answer))
    same = DerivedAge.objects.filter(
        request_sha256=derived.request_sha256, answer_sha256=derived.answer_sha256, meaning=meaning, by=by.key
    )
    twin_row = next((one for one in same.order_by("pk") if one.request == derived.request), None)
    if twin_row and [r.analysis_id for r in twin_row.rows.order_by("row")] == [one.pk for one in found]:
        return twin_row
    quoted = results.quoted(answer)
    made = DerivedAge.objects.create(
        key=new_key(), title=title.strip() or _title(answer, found), task=str(answer["task"]), clock=str(answer.get("clock") or ""),
        request=derived.request, answer=derived.answer, request_sha256=derived.request_sha256,
        answer_sha256=derived.answer_sha256, version=str(answer["version"]), sets=_sets(asked, answer),
        age_ma=quoted[0] if quoted else None, half_ma=quoted[1] if quoted else None, meaning=meaning, beside=beside,
        why=why.strip(), by=by.key, at=at,
    )  # fmt: skip
    AgeRow.objects.bulk_create(
        AgeRow(age=made, row=row, analysis_id=one.pk, omitted=omitted.get(one.key, "").strip())
        for row, one in enumerate(found, 1)
    )
    return made


def _title(answer: Mapping[str, object], found: Sequence[Told]) -> str:
    """Return a title of facts alone: clock, task, samples."""
    numbers = list(dict.fromkeys(one.number for one in found if one.number))
    said = ", ".join(numbers[:4]) + (" …" if len(numbers) > 4 else "")
    return (" ".join(part for part in (str(answer.get("clock") or ""), said) if part) or str(answer["task"]))[
        :200
    ]


def _sets(asked: Mapping[str, object], answer: Mapping[str, object]) -> str:
    """Return the sets of constants that the answer used, in order, parted by spaces."""
    used = answer.get("constants")
    named = (
        {str(one["set"]) for one in used.values() if isinstance(one, Mapping)}
        if isinstance(used, Mapping)
        else set()
    )
    wanted = asked.get("constants")
    order = wanted["set"] if isinstance(wanted, Mapping) and isinstance(wanted.get("set"), list) else []
    return " ".join([*(one for one in order if one in named), *sorted(named - set(order))])[:300]


@transaction.atomic
def publish(key: str, *, sees: Sees, by: Person, at: datetime) -> DerivedAge:
    """Let everybody see an age; refused while anything that it rests on is not public."""
    before, rows = _known(key, sees)
    public = queries.results.chosen([row.analysis for row in rows], Sees(sees.on))
    if len(public) != len(rows):
        raise Refused([fault.of("age", "it rests on {n} analyses that are not public", "publish those first, or wait until their embargo is over",
                                n=len(rows) - len(public))])  # fmt: skip
    row = _row(before)
    AgePublished.objects.get_or_create(age=row, defaults={"by": by.key, "at": at})
    return row
