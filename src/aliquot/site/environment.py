"""What may be set from outside: every ALIQUOT_ variable, read once, checked all at once.

The only place that reads the environment. Knows no Django; what is absent has the default that is safe on
one machine without a network. docs/deployment.md explains each variable to those who run a site.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from aliquot import fault
from aliquot.fault import Fault, Refused
from aliquot.site import database, filestore, mail
from aliquot.site.database import Database
from aliquot.site.filestore import Bucket
from aliquot.site.mail import Console, Mail

Part = TypeVar("Part")

HOSTS = "localhost,127.0.0.1,[::1]"


@dataclass(frozen=True, slots=True)
class OpenID:
    """Where people may sign in with an account that they have elsewhere, such as an ORCID iD."""

    server: str
    name: str
    client: str
    secret: str


@dataclass(frozen=True, slots=True)
class Environment:
    """One instance's surroundings, checked."""

    home: Path
    database: Database | None
    hosts: tuple[str, ...]
    https: bool
    proxies: int
    log: str
    mail: Mail | Console | None
    mail_from: str
    url: str
    openid: OpenID | None
    files: Bucket | None
    file_mb: int


def read(variables: Mapping[str, str]) -> Environment:
    """Return what the variables say; raise `Refused` with every fault in them."""
    faults: list[Fault] = []
    https = _choice(variables, "ALIQUOT_HTTPS", ("0", "1"), faults) == "1"
    found = Environment(
        home=home(variables),
        database=_part(variables, "ALIQUOT_DATABASE_URL", database.read, faults),
        hosts=tuple(host for host in variables.get("ALIQUOT_HOSTS", HOSTS).split(",") if host),
        https=https,
        proxies=_count(variables, "ALIQUOT_PROXIES", faults, default=int(https)),
        log=_choice(variables, "ALIQUOT_LOG", ("auto", "json", "text"), faults),
        mail=_part(variables, "ALIQUOT_MAIL_URL", mail.read, faults),
        mail_from=variables.get("ALIQUOT_MAIL_FROM", "aliquot@localhost"),
        url=_url(variables, faults, https=https),
        openid=_openid(variables, faults),
        files=_part(variables, "ALIQUOT_FILES_URL", filestore.read, faults),
        file_mb=_count(variables, "ALIQUOT_FILE_MB", faults, default=50),
    )
    fault.refuse_if(faults)
    return found


def home(variables: Mapping[str, str], *, given: Path | None = None) -> Path:
    """Return the folder of the instance: the one given, else ALIQUOT_HOME, else ./var."""
    return (given or Path(variables.get("ALIQUOT_HOME") or "var")).absolute()


def _part(
    variables: Mapping[str, str], name: str, read_part: Callable[[str], Part], faults: list[Fault]
) -> Part | None:
    if not variables.get(name):
        return None
    try:
        return read_part(variables[name])
    except Refused as refused:
        faults.extend(refused.faults)
        return None


def _choice(variables: Mapping[str, str], name: str, among: tuple[str, ...], faults: list[Fault]) -> str:
    """Return the variable, or the first choice if it is absent."""
    said = variables.get(name) or among[0]
    if said not in among:
        faults.append(
            fault.of(name, "is {said}", "set it to one of: {among}", said=said, among=", ".join(among))
        )
    return said


def _count(variables: Mapping[str, str], name: str, faults: list[Fault], *, default: int) -> int:
    said = variables.get(name) or str(default)
    if not (said.isascii() and said.isdigit()):
        faults.append(fault.of(name, "is {said}", "set it to a whole number such as 0 or 1", said=said))
        return default
    return int(said)


def _url(variables: Mapping[str, str], faults: list[Fault], *, https: bool) -> str:
    """Return where the site is, without a last slash: as said, or by its first name."""
    said = variables.get("ALIQUOT_URL", "").rstrip("/")
    if not said:
        first = variables.get("ALIQUOT_HOSTS", HOSTS).split(",")[0].lstrip(".*") or "localhost"
        return f"https://{first}" if https else f"http://{first}:8000"
    if not _is_site(said):
        faults.append(
            fault.of("ALIQUOT_URL", "is not the address of a site", "write it as https://moon.example.org")
        )
    return said


def _is_site(url: str) -> bool:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that are no IPv6 address; a port that is no number
        return False
    return whole and url.isprintable() and " " not in url and url == f"{parts.scheme}://{parts.netloc}"


def _openid(variables: Mapping[str, str], faults: list[Fault]) -> OpenID | None:
    names = ("ALIQUOT_OPENID_SERVER", "ALIQUOT_OPENID_NAME", "ALIQUOT_OPENID_CLIENT", "ALIQUOT_OPENID_SECRET")
    said = [variables.get(name, "") for name in names]
    if not any(said):
        return None
    faults.extend(
        fault.of(
            name, "is not set, but others of its kind are", "set all of: {names}", names=", ".join(names)
        )
        for name, value in zip(names, said, strict=True)
        if not value
    )
    return OpenID(*said)
