"""What may be set from outside: every ALIQUOT_ variable, read once, checked all at once.

The only place that reads the environment. Knows no Django; what is absent has the default that is safe on
one machine without a network. docs/deployment.md explains each variable to those who run a site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aliquot import fault
from aliquot.fault import Fault
from aliquot.site import database, mail
from aliquot.site.database import Database
from aliquot.site.mail import Mail

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
    mail: Mail | None
    mail_from: str
    openid: OpenID | None


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
        log=_choice(variables, "ALIQUOT_LOG", ("json", "text"), faults),
        mail=_part(variables, "ALIQUOT_MAIL_URL", mail.read, faults),
        mail_from=variables.get("ALIQUOT_MAIL_FROM", "aliquot@localhost"),
        openid=_openid(variables, faults),
    )
    fault.refuse_if(faults)
    return found


def home(variables: Mapping[str, str], *, given: Path | None = None) -> Path:
    """Return the folder of the instance: the one given, else ALIQUOT_HOME, else ./var."""
    return (given or Path(variables.get("ALIQUOT_HOME") or "var")).absolute()
