"""A workbook as small as one can be, put together by hand: the sheets that are given, numbers as numbers, texts as texts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
Cell = str | float | int | None


def xlsx(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """Return the bytes of a workbook."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACK}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        + "".join(f'<Override PartName="/xl/s{at}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for at in range(len(sheets)))
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACK}/relationships"><Relationship Id="r" Type="{_DOC}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>'
        + "".join(f'<sheet name={quoteattr(name)} sheetId="{at + 1}" r:id="r{at}"/>' for at, name in enumerate(sheets))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACK}/relationships">'
        + "".join(f'<Relationship Id="r{at}" Type="{_DOC}/worksheet" Target="s{at}.xml"/>' for at in range(len(sheets)))
        + "</Relationships>",
    }  # fmt: skip
    parts |= {f"xl/s{at}.xml": _sheet(rows) for at, rows in enumerate(sheets.values())}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return written.getvalue()


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    body = "".join(f'<row r="{at}">{"".join(_cells(row, at))}</row>' for at, row in enumerate(rows, 1))
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'


def _cells(row: Sequence[Cell], at: int) -> list[str]:
    made = []
    for place, cell in enumerate(row):
        name = f"{chr(65 + place)}{at}"
        if isinstance(cell, str):
            made.append(f'<c r="{name}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>')
        elif cell is not None:
            made.append(f'<c r="{name}"><v>{cell!r}</v></c>')
    return made
