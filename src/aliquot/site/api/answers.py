"""How is a question answered? With faults as JSON where it is at fault; else once, and from memory until something changes.

Answers are kept by what was asked and by the state of what they were made from (the ledger's head, or the version of
the record), so none is ever older than its tag.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from hashlib import blake2s

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import parse_etags
from ninja import Schema
from ninja.errors import ValidationError

from aliquot import fault
from aliquot.fault import Fault, Refused

KEPT_BYTES_MAX = 32_000_000
READ_THE_DOCS = "read /api/v1/docs"

Run = Callable[..., HttpResponse]


# -- what is wrong -------------------------------------------------------------------------------------------


def refusal(faults: Iterable[Fault], *, status: int) -> HttpResponse:
    """Answer with faults: where, what, what to do."""
    shown = [{"where": one.where, "what": one.said, "todo": one.advice} for one in faults]
    content = json.dumps({"faults": shown}, ensure_ascii=False)
    answer = HttpResponse(content, status=status, content_type="application/json; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return opened(answer)


def missing(where: str, what: str, todo: str, **values: str | int) -> Http404:
    """Return what to raise where a thing that is asked for does not exist."""
    return Http404(fault.of(where, what, todo, **values))


def not_there(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001 - Ninja's signature
    return refusal([one for one in error.args if isinstance(one, Fault)], status=404)


def refused(request: HttpRequest, error: Refused) -> HttpResponse:  # noqa: ARG001
    return refusal(error.faults, status=400)


def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001
    """Answer a parameter that is not of its type or range."""
    return refusal((_of_parameter(one) for one in error.errors), status=400)


def _of_parameter(error: dict[str, object]) -> Fault:
    """Return what Pydantic says of a parameter, as a fault."""
    place = error["loc"]
    name = str(place[-1]) if isinstance(place, tuple) else "query"
    return fault.of(name, "{said}", READ_THE_DOCS, said=str(error["msg"]))


def lost(request: HttpRequest) -> HttpResponse:
    """Answer an address at which nothing stands."""
    todo = "see the list of addresses at /api/v1/docs"
    return refusal([fault.of(request.path[:200], "nothing stands at this address", todo)], status=404)


def not_allowed(request: HttpRequest, allowed: Sequence[str]) -> HttpResponse:
    """Answer a method for which nothing stands here."""
    said = fault.of("method", "{method} is not allowed here", "use {allowed}",
                    method=(request.method or "")[:20], allowed=allowed[0])  # fmt: skip
    answer = refusal([said], status=405)
    answer["Allow"] = ", ".join(allowed)
    return answer


def opened(answer: HttpResponse) -> HttpResponse:
    """Let pages of other sites read the answer: it is public and depends on nobody who is signed in."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "ETag"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


# -- what is right -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, encoded."""

    content: bytes
    content_type: str


_kept: OrderedDict[str, Kept] = OrderedDict()
_guard = threading.Lock()


def forget() -> None:
    """Forget every answer."""
    with _guard:
        _kept.clear()


def kept(state: Callable[[], str], takes: type[Schema] | None = None) -> Callable[[Run], Run]:
    """Answer from memory, or with 304 alone, while the state is what it was; `takes` are the parameters there are."""
    names = frozenset(takes.model_fields) if takes else frozenset()

    def around(run: Run) -> Run:
        @wraps(run)
        def answer(request: HttpRequest, **place: str) -> HttpResponse:
            faults = _of_query(request, names)
            if faults:
                return refusal(faults, status=400)
            # The state is read first: an answer may be newer than its tag, and never older.
            tag = _tag(f"{state()}\n{request.path}?{sorted(request.GET.items())}")
            wanted = parse_etags(request.headers.get("If-None-Match", ""))
            if tag in wanted:
                return _tagged(HttpResponse(status=304), tag)
            known = _find(tag)
            if known is None:
                made = run(request, **place)
                if made.status_code != 200:
                    return made
                known = Kept(made.content, made["Content-Type"])
                _keep(tag, known)
            if "*" in wanted:
                return _tagged(HttpResponse(status=304), tag)
            return _tagged(HttpResponse(known.content, content_type=known.content_type), tag)

        return answer

    return around


def _of_query(request: HttpRequest, names: frozenset[str]) -> list[Fault]:
    """Return what is wrong with the names of parameters: a misspelt filter must not answer with everything."""
    listed = ", ".join(sorted(names)) or "none"
    unknown = [name for name in request.GET if name not in names]
    twice = [name for name in names if len(request.GET.getlist(name)) > 1]
    return [
        fault.of(name[:80], "there is no such parameter", "use one of: {listed}", listed=listed)
        for name in unknown
    ] + [fault.of(name, "is given more than once", "give it once") for name in sorted(twice)]


def _tag(of: str) -> str:
    return f'W/"{blake2s(of.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()}"'


def _tagged(answer: HttpResponse, tag: str) -> HttpResponse:
    answer["ETag"] = tag
    # Anybody may keep it, and asks whether it still holds: the ledger may have grown.
    answer["Cache-Control"] = "public, no-cache"
    return opened(answer)


def _find(tag: str) -> Kept | None:
    with _guard:
        if tag in _kept:
            _kept.move_to_end(tag)
        return _kept.get(tag)


def _keep(tag: str, one: Kept) -> None:
    with _guard:
        _kept[tag] = one
        spare = KEPT_BYTES_MAX - sum(len(each.content) for each in _kept.values())
        while spare < 0:
            _, oldest = _kept.popitem(last=False)
            spare += len(oldest.content)
