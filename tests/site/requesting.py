"""The form of a request as a browser sends it, and a page as a reader has it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.site import sharing

from aliquot.site.models import Call, Person, Request
from aliquot.site.operations import calls


def an_open_call(ada: Person, *, title: str = "Open call", days: int = 30, **changed: object) -> Call:
    """Return a call that is open on the clock of this machine, as the pages read it."""
    at = timezone.now()
    told = sharing.told(
        title=title, zone="UTC", opens=_day(at - timedelta(days=2)), closes=_day(at + timedelta(days=days)), **changed
    )  # fmt: skip
    before = at - timedelta(days=3)
    return calls.publish(calls.draft(told, by=ada, at=before), by=ada, at=before)


def _day(at: datetime) -> str:
    return at.strftime("%Y-%m-%d 00:00")


def closing(call: Call, *, in_seconds: float) -> Call:
    """Let the deadline of a call be so near; its receipts name the hash that it has then."""
    from aliquot import calls as library

    closes = timezone.now() + timedelta(seconds=in_seconds)
    call.told = call.told | {"closes": closes.isoformat()}
    call.closes, call.sha256 = closes, library.from_json(call.told).sha256
    call.save()
    return call


def typed(told: Mapping[str, object]) -> dict[str, object]:
    """Return a draft as the fields of the form."""
    found: dict[str, object] = {}
    for key, value in told.items():
        if isinstance(value, dict):
            found |= {f"{key}.{name}": _text(each) for name, each in value.items()}
        elif isinstance(value, list):
            found |= {
                f"{key}.{i}.{name}": _text(each) for i, row in enumerate(value) for name, each in row.items()
            }
        else:
            found[key] = _text(value)
    return found


def _text(value: object) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def hidden(page: HttpResponse) -> dict[str, str]:
    """Return what the first form of a page that acts carries hidden: where it comes from, and its key."""
    body = page.content.decode()
    names = ("csrfmiddlewaretoken", "acting_key")
    return {name: re.search(rf'name="{name}" value="([^"]+)"', body)[1] for name in names}  # type: ignore[index]


def fresh(client: Client) -> dict[str, str]:
    """Return what a form carries hidden that was just opened, whatever page it is on."""
    body = client.get("/account/tokens/").content.decode()
    csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)
    assert csrf
    return {"csrfmiddlewaretoken": csrf[1], "acting_key": secrets.token_urlsafe(18)}


def edit_address(request: Request) -> str:
    return f"/requests/{request.key}/edit/"


def send(client: Client, request: Request, told: Mapping[str, object], *, act: str = "save", base: int | None = None,
         key: Mapping[str, str] | None = None, **more: object) -> HttpResponse:  # fmt: skip
    """Send the form as somebody typed it who opened it at version `base`."""
    address = edit_address(request)
    held = key or hidden(client.get(address))
    request.refresh_from_db()
    body = {**held, **typed(told), "base": base or request.version, "act": act}
    headers = {"accept": "application/json"} if more.pop("by_script", False) else {}
    return client.post(address, {**body, **more}, headers=headers)
