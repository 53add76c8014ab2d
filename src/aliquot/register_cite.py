"""How is a page of the register cited? BibTeX, RIS, CSL-JSON and a sentence, in the name of whoever publishes it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_TEX: Final = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"} | {"\\": "\\textbackslash{}", "~": "\\~{}", "^": "\\^{}"}
)


@dataclass(frozen=True, slots=True)
class Page:
    """What is cited: `version` is the revision of the register that the reader saw, `day` the day on which."""

    key: str
    title: str
    publisher: str
    address: str
    version: str
    day: date


def bibtex(page: Page) -> str:
    """Return the entry of a bibliography for BibTeX."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", page.key).strip("-") or "page"
    fields = {
        "title": f"{{{page.title.translate(_TEX)}}}",
        "author": f"{{{page.publisher.translate(_TEX)}}}",
        "year": str(page.day.year),
        "howpublished": f"\\url{{{page.address}}}",
        "note": f"Revision {page.version}, seen {page.day.isoformat()}".translate(_TEX),
    }
    lines = ",\n".join(f"  {field} = {{{value}}}" for field, value in fields.items())
    return f"@misc{{aliquot-{name},\n{lines}\n}}\n"


def ris(page: Page) -> str:
    """Return the entry as RIS."""
    lines = {
        "TY": "ELEC", "TI": page.title, "AU": page.publisher, "PB": page.publisher, "PY": str(page.day.year),
        "Y2": f"{page.day:%Y/%m/%d}", "UR": page.address, "ET": page.version, "ER": "",
    }  # fmt: skip
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines.items())


def csl(page: Page) -> str:
    """Return the entry as CSL-JSON."""
    item = {
        "id": page.key,
        "type": "dataset",
        "title": page.title,
        "author": [{"literal": page.publisher}],
        "publisher": page.publisher,
        "version": page.version,
        "URL": page.address,
        "accessed": {"date-parts": [[page.day.year, page.day.month, page.day.day]]},
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def sentence(page: Page) -> str:
    """Return the citation as a sentence."""
    return f"{page.publisher}: {page.title}. Register, revision {page.version}. {page.address} (seen {page.day.isoformat()}).\n"
