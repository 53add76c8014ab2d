"""Where one facility's data lives: a folder, and what stands where in it.

Answers paths, makes an empty instance, and reads who it is. Knows no Django, so that a command can say what is
wrong with a folder before anything of the site is loaded.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from aliquot import fault
from aliquot.fault import Fault
from aliquot.signing import SigningKey, generate, read_signer


@dataclass(frozen=True, slots=True)
class Described:
    """Who an instance is: the name that its log signs as, and the facility whose collection it keeps."""

    origin: str
    facility: str


# What the log of a demonstration signs as.
DEMONSTRATION = "demo.aliquot"


def is_demonstration(home: Path) -> bool:
    return describe(home).origin == DEMONSTRATION


def described_in(home: Path) -> Path:
    return home / "instance.toml"


def database(home: Path) -> Path:
    return home / "aliquot.sqlite3"


def keys(home: Path) -> Path:
    return home / "keys"


def secret(home: Path) -> Path:
    """The file with the secret that signs sessions and links of the site."""
    return keys(home) / "secret"


def signing(home: Path) -> Path:
    """The file with the private key that signs the log's checkpoints."""
    return keys(home) / "signing"


def files(home: Path) -> Path:
    return home / "files"


def incoming(home: Path) -> Path:
    """The folder of files that are being attached; in one with `files`, so that one step moves them."""
    return files(home) / "incoming"


def search(home: Path) -> Path:
    return home / "search"


def static(home: Path) -> Path:
    return home / "static"


def cache(home: Path) -> Path:
    return home / "cache"


def mail(home: Path) -> Path:
    """The folder of letters that were not sent because no mail server is set."""
    return home / "mail"


FOLDERS = (keys, files, search, static, cache, mail)


def make(home: Path, *, origin: str, facility: str) -> None:
    """Make an empty instance, whole or not at all; raise `Refused` if the folder holds anything."""
    home = home.absolute()
    fault.refuse_if(unfit(home, origin=origin, facility=facility))
    home.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{home.name}-", dir=home.parent))
    try:
        _fill(building, Described(origin, facility))
        # Replaces an empty folder and nothing else: if somebody was quicker, this fails and theirs stays.
        building.rename(home)
    except OSError as error:
        raise fault.Refused([_could_not(home, error)]) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def unfit(home: Path, *, origin: str, facility: str) -> tuple[Fault, ...]:
    """Return what keeps an instance of this name from being made in the folder."""
    return (*_unfit_names(origin, facility), *_unfit_folder(home))


def faults(home: Path) -> tuple[Fault, ...]:
    """Return what keeps the folder from being used as an instance; none means that it may be."""
    if not described_in(home).is_file() or not secret(home).is_file():
        return (
            fault.of(
                str(home),
                "is not an Aliquot instance",
                "make one with: aliquot init --home {home}",
                home=str(home),
            ),
        )
    if secret(home).stat().st_mode & 0o077:
        return (
            fault.of(
                str(secret(home)), "can be read by others", "run: chmod 600 {path}", path=str(secret(home))
            ),
        )
    return ()


def describe(home: Path) -> Described:
    """Return who the instance is, or raise `Refused`."""
    path = described_in(home)
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise fault.Refused(faults(home)) from None
    except ValueError as error:  # no TOML, or no UTF-8
        raise fault.Refused(
            [fault.of(str(path), "cannot be read: {error}", "correct the file", error=str(error))]
        ) from error
    origin, facility = said.get("origin"), said.get("facility")
    if not isinstance(origin, str) or not isinstance(facility, str):
        raise fault.Refused(
            [fault.of(str(path), "lacks origin or facility", 'write both as: origin = "example.org/log"')]
        )
    fault.refuse_if(_unfit_names(origin, facility))
    return Described(origin, facility)


def read_secret(home: Path) -> str:
    return secret(home).read_text(encoding="ascii").strip()


def write_private(path: Path, text: str) -> None:
    """Write a new file that its owner alone can read; an existing one is never replaced."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _fill(home: Path, described: Described) -> None:
    for folder in FOLDERS:
        folder(home).mkdir(mode=0o700)
    write_private(secret(home), secrets.token_urlsafe(64) + "\n")
    write_private(signing(home), note_key(described.origin).secret_text() + "\n")
    # A JSON string is a TOML string, as long as nothing in it is unprintable; `_unfit_names` sees to that.
    lines = (
        "# Who this Aliquot instance is. The log signs as `origin`: do not change it once anything is published.",
        f"origin = {json.dumps(described.origin, ensure_ascii=False)}",
        f"facility = {json.dumps(described.facility, ensure_ascii=False)}",
    )
    described_in(home).write_text("\n".join(lines) + "\n", encoding="utf-8")


def note_key(origin: str) -> SigningKey:
    """Return a new key that signs the log's checkpoints in the name of its origin."""
    key = generate(origin, secrets.token_bytes(32))
    return (
        key if isinstance(key, SigningKey) else fault.bug(f"{origin} was checked and cannot be a key's name")
    )


def read_signing_key(home: Path) -> SigningKey:
    """Return the key that signs the log's checkpoints, or raise `Refused`."""
    path = signing(home)
    if not path.is_file():
        raise fault.Refused([fault.of(str(path), "the log's key is missing", "restore it from your backup")])
    key = read_signer(path.read_text("utf-8").strip(), str(path))
    if isinstance(key, Fault):
        raise fault.Refused([key])
    return key


def _unfit_names(origin: str, facility: str) -> list[Fault]:
    found = []
    # C2SP signed-note: a name is not empty and has neither Unicode spaces nor a plus sign.
    if not origin or "+" in origin or not origin.isprintable() or any(map(str.isspace, origin)):
        found.append(
            fault.of(
                "origin",
                "is empty or has a space, a plus sign or a control character",
                "name the log as example.org/log",
            )
        )
    if not facility.strip() or not facility.isprintable():
        found.append(fault.of("facility", "is empty or has a control character", "write the facility's name"))
    return found


def _unfit_folder(home: Path) -> list[Fault]:
    where = str(home)
    if not home.exists():
        return []
    if not home.is_dir():
        return [fault.of(where, "is not a folder", "name a new folder")]
    if any(home.iterdir()):
        return [fault.of(where, "is not empty", "name a new or an empty folder")]
    if home.is_mount():
        # A mount point cannot be replaced in one step, and half an instance must never exist.
        return [
            fault.of(where, "is a mount point", "name a folder in it: {inside}", inside=str(home / "aliquot"))
        ]
    return []


def _could_not(home: Path, error: OSError) -> Fault:
    return fault.of(
        str(home),
        "could not be made: {error}",
        "see that its folder can be written and is not in use",
        error=str(error.strerror),
    )
