"""Where are the bytes of photographs and documents: a folder of the instance, or the store that ALIQUOT_FILES_URL names.

Returns values; opens no connection. Faults never repeat the address: it may hold a secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from aliquot import fault

SCHEMES = {"s3": "https", "s3+http": "http"}


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of a store that speaks S3; without key and secret the machine's own credentials are used."""

    server: str
    name: str
    folder: str
    region: str
    key: str
    secret: str


def read(url: str) -> Bucket:
    """Return the bucket that an address names, or raise `Refused`."""
    try:
        parts = urlsplit(url)
        scheme, port = SCHEMES[parts.scheme], parts.port
    except (ValueError, KeyError):
        raise fault.Refused([_unreadable()]) from None
    name, _, folder = unquote(parts.path).strip("/").partition("/")
    options = parse_qs(parts.query)
    if (
        not parts.hostname
        or not name
        or set(options) - {"region"}
        or bool(parts.username) != bool(parts.password)
    ):
        raise fault.Refused([_unreadable()])
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise fault.Refused([fault.of("ALIQUOT_FILES_URL", "needs a part that is not installed",
                                      "run: pip install 'aliquot[site,s3]'")])  # fmt: skip
    return Bucket(
        server=f"{scheme}://{parts.hostname}{f':{port}' if port else ''}",
        name=name,
        folder=folder,
        region=options.get("region", [""])[0],
        key=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
    )


def settings(bucket: Bucket | None, *, folder: Path) -> dict[str, object]:
    """Return Django's storage; None means a folder, whose files nobody else reads and nothing writes again."""
    if bucket is None:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": folder,
                "allow_overwrite": True,
                "file_permissions_mode": 0o400,
                "directory_permissions_mode": 0o700,
            },
        }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "endpoint_url": bucket.server,
            "bucket_name": bucket.name,
            "location": bucket.folder,
            "region_name": bucket.region or None,
            "access_key": bucket.key or None,
            "secret_key": bucket.secret or None,
            "addressing_style": "path",
            "signature_version": "s3v4",
            "default_acl": None,
            "file_overwrite": True,
        },
    }


def _unreadable() -> fault.Fault:
    return fault.of(
        "ALIQUOT_FILES_URL",
        "cannot be read as the address of a bucket",
        "write s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=REGION, a special character as %XX, or leave it out to use a folder",
    )
