"""Where files are kept: a folder, or a bucket that one variable names. The bucket here is a server of a screenful."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from aliquot.fault import Refused
from aliquot.site import environment, filestore
from aliquot.site.models import Sample
from aliquot.site.operations import files, storage
from aliquot.site.queries.files import path_of, small_path_of
from uploads import PDF, a_png

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
STORED = "Thu, 26 Nov 2026 09:00:00 GMT"


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as the site asks for: PUT, GET, HEAD, DELETE, and the list of what begins with a prefix."""

    objects: dict[str, bytes]
    protocol_version = "HTTP/1.1"  # whoever sends a body first waits to be told to go on

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.objects[urlsplit(self.path).path] = (
            _without_chunks(body) if "chunked" in self.headers.get("Content-Encoding", "") else body
        )
        self._answer(200)

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if "list-type" in parse_qs(address.query) or "prefix" in parse_qs(
            address.query, keep_blank_values=True
        ):
            self._answer(200, self._list(address.path, parse_qs(address.query)))
        else:
            self.do_HEAD()

    def do_HEAD(self) -> None:
        found = self.objects.get(urlsplit(self.path).path)
        self._answer(200 if found is not None else 404, found or b"")

    def do_DELETE(self) -> None:
        self.objects.pop(urlsplit(self.path).path, None)
        self._answer(204)

    def _list(self, bucket: str, asked: dict[str, list[str]]) -> bytes:
        prefix = asked.get("prefix", [""])[0]
        keys = [key.removeprefix(f"{bucket.rstrip('/')}/") for key in sorted(self.objects)]
        inside = [key.removeprefix(prefix) for key in keys if key.startswith(prefix)]
        folders = sorted({key.split("/")[0] for key in inside if "/" in key})
        contents = "".join(
            f"<Contents><Key>{prefix}{key}</Key><Size>1</Size><LastModified>2026-11-26T09:00:00Z</LastModified></Contents>"
            for key in inside
            if "/" not in key
        )
        common = "".join(
            f"<CommonPrefixes><Prefix>{prefix}{name}/</Prefix></CommonPrefixes>" for name in folders
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}{common}</ListBucketResult>".encode()

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", STORED)
        self.send_header("ETag", '"e"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def _without_chunks(body: bytes) -> bytes:
    found = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if length == 0:
            break
        found, body = found + rest[:length], rest[length + 2 :]
    return found


@pytest.fixture
def bucket(settings: object) -> Iterator[dict[str, bytes]]:
    """What is in the bucket, by its address, while the site keeps its files there."""
    pytest.importorskip("storages")
    kept = type("Kept", (Bucket,), {"objects": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), kept) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        named = filestore.read(f"s3+http://KEY:SE%2FCRET@127.0.0.1:{server.server_port}/moon/rocks?region=x")
        settings.STORAGES = settings.STORAGES | {"default": filestore.settings(named, folder=Path("unused"))}
        yield kept.objects
        server.shutdown()


@pytest.mark.django_db
def test_files_are_kept_in_a_bucket_as_in_a_folder(bucket: dict[str, bytes], client: Client) -> None:
    rock = Sample.objects.create(number="T-1", published=True)
    with storage.receive([a_png(400, 300)], name="grain.png", limits=storage.settings.FILES) as arrived:
        one = files.attach(arrived, rock, by="person:1", at=NOW)
    sha256 = one.file.sha256
    places = [path_of(sha256), small_path_of(sha256, 320), small_path_of(sha256, 1280)]
    assert sorted(bucket) == sorted(f"/moon/rocks/{place}" for place in places)
    assert bucket[f"/moon/rocks/{path_of(sha256)}"] == a_png(400, 300)
    files.describe(one.key, alternative_en="A grain", at=NOW)
    files.publish(one.key)
    answer = client.get(f"/files/{sha256}/grain.png")
    assert b"".join(answer.streaming_content) == a_png(400, 300)
    assert storage.check(at=NOW) == storage.Found(kept=1, missing=(), altered=(), orphans=(), drawn_again=0)
    bucket[f"/moon/rocks/{path_of(sha256)}"] = PDF
    assert storage.check(at=NOW).altered == (path_of(sha256),)
    del bucket[f"/moon/rocks/{path_of(sha256)}"]
    assert storage.check(at=NOW).missing == (path_of(sha256),)
    assert client.get(f"/files/{sha256}/grain.png").status_code == 404


@pytest.mark.django_db
def test_orphans_of_a_bucket_are_found_and_removed(bucket: dict[str, bytes]) -> None:
    with storage.receive([PDF], name="a.pdf", limits=storage.settings.FILES) as arrived:
        storage.put(arrived)
    bucket["/moon/rocks/notes.txt"] = b"of whoever keeps the bucket"
    later = NOW + timedelta(days=2)
    assert storage.check(at=later).orphans == (path_of(arrived.sha256),)
    assert storage.remove_orphans(at=later) == (path_of(arrived.sha256),)
    assert list(bucket) == ["/moon/rocks/notes.txt"]
    assert not default_storage.exists(path_of(arrived.sha256))


def test_one_variable_names_the_bucket() -> None:
    found = filestore.read("s3://K%3AY:S%40C@storage.example.org:9000/moon/rocks/2026?region=eu-1")
    assert found == filestore.Bucket(
        server="https://storage.example.org:9000",
        name="moon",
        folder="rocks/2026",
        region="eu-1",
        key="K:Y",
        secret="S@C",
    )
    assert filestore.read("s3://storage.example.org/moon").key == ""


@pytest.mark.parametrize(
    "url",
    ["s3://", "s3://host", "s3:///bucket", "ftp://host/bucket", "s3://KEY@host/bucket", "s3://host:x/bucket",
     "s3://K:very-secret@host/bucket?public=1", "/a/folder", "s3://[/bucket"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(Refused, match=r"^ALIQUOT_FILES_URL: ") as refused:
        environment.read({"ALIQUOT_FILES_URL": url})
    assert "very-secret" not in str(refused.value)


def test_without_it_files_are_in_the_instance() -> None:
    assert environment.read({}).files is None
    assert environment.read({}).file_mb == 50
    assert environment.read({"ALIQUOT_FILE_MB": "200"}).file_mb == 200
    with pytest.raises(Refused, match="ALIQUOT_FILE_MB"):
        environment.read({"ALIQUOT_FILE_MB": "many"})
