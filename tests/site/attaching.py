"""Attaching files in tests: a sample to attach to, and forms sent as a browser sends them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aliquot.site.models import Attachment, Incident, Person, Sample
from aliquot.site.operations import files, storage
from aliquot.site.queries.files import Sees, Thing

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ALL = Sees(all=True, incidents=True)


@contextmanager
def emptied(home: Path) -> Iterator[Path]:
    """The folder of the files, of which nothing is left afterwards."""
    folder = home / "files"
    yield folder
    for each in folder.iterdir():
        shutil.rmtree(each)


def a_rock() -> Sample:
    return Sample.objects.create(number="T-1/7", mission="change-5", form="rock", start_ng=5, published=True)


def an_incident(by: Person) -> Incident:
    return Incident.objects.create(
        key="I-1", kind="spill", noticed_at=NOW, reported_at=NOW, what="Dust.", by=by
    )


def attach(data: bytes, thing: Thing, *, name: str = "grain.png", by: str = "person:1") -> Attachment:
    with storage.receive([data], name=name, limits=settings.FILES) as arrived:
        return files.attach(arrived, thing, by=by, at=NOW)


def on_disk(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def send(browser: Client, *sent: tuple[str, bytes], to: str = "/attach/sample/T-1/7/", **form: str) -> object:
    """Send files through the form, as a browser does."""
    token = str(browser.get(to).context["csrf_token"])
    accept = {"Accept": form.pop("accept")} if "accept" in form else {}
    body = {"csrfmiddlewaretoken": token, "acting_key": "k1", **form}
    return browser.post(
        to, body | {"files": [SimpleUploadedFile(name, data) for name, data in sent]}, headers=accept
    )


def act(browser: Client, one: Attachment, does: str, **form: str) -> object:
    address = f"/photographs/{one.key}/"
    token = str(browser.get(address).context["csrf_token"])
    key = f"{does}-{len(form)}-{Attachment.objects.get(pk=one.pk).published}"
    return browser.post(address, {"csrfmiddlewaretoken": token, "acting_key": key, "act": does, **form})
