"""How does a page act? Once for each form that was shown, with every fault said in the reader's language.

A form carries a hidden key (`{% acting_key %}` puts it there); sent twice, by a double click or a reload, it acts once
and leads to the same place. What is refused is shown on the form again, with all that was typed.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from aliquot.fault import Fault, Refused
from aliquot.site import cycle_words, uploads
from aliquot.site.operations import programs
from aliquot.site.operations.programs import Body

KEY = "acting_key"
USED = "_acting_key_is_used"


@dataclass(frozen=True, slots=True)
class Shown:
    """A fault as the `faults` component takes it, in the reader's language."""

    where: str
    said: str
    advice: str
    box: str = ""  # the id of the field that it stands beside, where it stands beside one


def shown(faults: Iterable[Fault]) -> list[Shown]:
    """Return the faults translated, their values filled in afterwards."""
    return [_shown(one) for one in faults]


def _shown(one: Fault) -> Shown:
    values = {name: cycle_words.of_fault(name, value) for name, value in one.values}
    return Shown(one.where, _(one.what).format_map(values), _(one.todo).format_map(values))


def new_key() -> str:
    """Return the key of a form that is about to be shown."""
    return secrets.token_urlsafe(18)


def once(request: HttpRequest, act: Callable[[], Body]) -> Body | list[Shown]:
    """Do the act once for this form and return what it said, or what stands against it: then nothing was written."""
    done = attempt(request, act)
    return done if isinstance(done, dict) else shown(done)


def attempt(request: HttpRequest, act: Callable[[], Body]) -> Body | tuple[Fault, ...]:
    """Do as `once` does, and return the faults as they are, for a page that puts each in its place."""
    asked = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    asked["path"] = [request.path]
    try:
        for name in request.FILES:
            asked[f"file:{name}"] = [_digest(file) for file in request.FILES.getlist(name)]
        done = programs.once(request.user, request.POST.get(KEY, ""), asked, act, at=timezone.now())
    except Refused as refused:
        return refused.faults
    setattr(request, USED, True)
    return done


def key_of(request: HttpRequest) -> str:
    """Return the key of the form that is shown: that of a refused act, which is free still, or a new one."""
    return new_key() if hasattr(request, USED) else request.POST.get(KEY) or new_key()


def _digest(file: UploadedFile) -> str:
    found = hashlib.sha256()
    for chunk in uploads.chunks(file):
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()
