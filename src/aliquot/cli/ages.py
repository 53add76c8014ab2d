"""The command that dates: requests as JSON in, results as JSON or text out, and a plot."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from aliquot import fault
from aliquot.cli.home import AsJson
from aliquot.fault import Refused

BYTES_MAX: Final = 200_000_000
_WRITERS: Final = (".svg", ".png")
Json = Mapping[str, object]


def age(
    request: Annotated[
        str, typer.Argument(help="A file of requests in JSON; - reads standard input.", show_default=False)
    ],
    as_json: AsJson = False,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the one request, as .svg or .png.", show_default=False),
    ] = None,
) -> None:
    """Date rocks: lines, means and single ages from isotope ratios, recomputable from the request."""
    if plot and plot.suffix.lower() not in _WRITERS:
        _refuse(
            "--plot", "the plot cannot be written in that format", "name a file that ends in .svg or .png"
        )
    batch = _parse(_read(request))
    if plot and len(batch.requests) != 1:
        _refuse(
            "--plot", "draws one request, and these are several or none", "give the one that is to be drawn"
        )
    answer = _library()
    results = [answer(each) for each in batch.requests]
    if plot:
        _draw(batch.requests[0], results[0], plot)
    # The whole answer at once: whoever reads it has all of it or nothing.
    sys.stdout.write(batch.joined([_dump(each) for each in results]) if as_json else _told(results))


class _Batch:
    """The requests of one input, and how answers to them are written."""

    def __init__(self, requests: list[Json], *, array: bool = False) -> None:
        self.requests, self.array = requests, array

    def joined(self, answers: list[str]) -> str:
        """Return one object, one array, or one line for each, as the requests came."""
        if self.array:
            return "[\n" + ",\n".join(answers) + "\n]\n" if answers else "[]\n"
        return "".join(f"{each}\n" for each in answers)


def _library() -> Callable[[Json], dict[str, object]]:
    try:
        from aliquot.chronology import requests
    except ModuleNotFoundError as error:
        if error.name != "numpy":
            raise
        _refuse(
            "aliquot age",
            "this command needs NumPy, which is not installed",
            "install Aliquot with its extra: chronology",
        )
    return requests.answer


def _refuse(where: str, what: str, todo: str) -> NoReturn:
    raise Refused([fault.of(where, "{said}", "{advice}", said=what, advice=todo)])


def _read(name: str) -> str:
    if name == "-":
        data = sys.stdin.buffer.read(BYTES_MAX + 1)
    else:
        with Path(name).open("rb") as file:
            data = file.read(BYTES_MAX + 1)
    if len(data) > BYTES_MAX:
        _refuse(name, "is longer than 200 MB", "send the requests in several files")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(name, "is not UTF-8 text, and so not JSON", "give requests in JSON")


def _parse(text: str) -> _Batch:
    """Return the requests of an object, an array, or lines of objects."""
    try:
        found = _load(text)
    except ValueError as error:
        return _lines(text, error)
    if isinstance(found, list):
        return _Batch(_distinct(found), array=True)
    if not isinstance(found, dict):
        _refuse("request", "is no object", "give one JSON object, an array of objects, or one object a line")
    return _Batch([found])


def _lines(text: str, whole: ValueError) -> _Batch:
    lines = [(at, line) for at, line in enumerate(text.split("\n"), 1) if line.strip()]
    found: list[object] = []
    for at, line in lines:
        try:
            found.append(_load(line))
        except ValueError as error:
            if not found:
                break  # not lines of objects, but one text that is not JSON
            _refuse(f"line {at}", f"is not JSON: {_why(error)}", "correct it; NaN and Infinity are not JSON")
    if not found:
        _refuse("request", f"is not JSON: {_why(whole)}", "correct it; NaN and Infinity are not JSON")
    return _Batch(_distinct(found))


def _load(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_constant, parse_int=_whole)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _whole(digits: str) -> int | float:
    """Return an integer; one of hundreds of digits is beyond any number that can be computed with."""
    return int(digits) if len(digits) < 400 else float(digits)


def _why(error: ValueError) -> str:
    return fault.seen(" ".join(str(error).split()))[:200]


def _distinct(items: list[object]) -> list[Json]:
    """Return the requests of a batch, each an object with an `id` of its own."""
    seen: set[str] = set()
    found: list[Json] = []
    for at, each in enumerate(items, 1):
        if not isinstance(each, dict):
            _refuse(f"request {at}", "is no object", "give an object for each request")
        name = each.get("id")
        if not isinstance(name, str) or name in seen:
            _refuse(
                f"request {at}",
                "has no id, or one that another has",
                "give each request of a batch an id of its own",
            )
        seen.add(name)
        found.append(each)
    return found


def _dump(result: Json) -> str:
    return json.dumps(result, allow_nan=False)


def _draw(request: Json, result: dict[str, object], plot: Path) -> None:
    from aliquot.chronology import plots

    figure = plots.figure(request, result)
    if figure is None:
        typer.echo(f"--plot: nothing was drawn; {result.get('error')}", err=True)
        return
    if plot.suffix.lower() == ".svg":
        from aliquot.chronology import vector

        plot.write_bytes(vector.svg(figure).encode())
        return
    try:
        from aliquot.chronology import raster
    except ModuleNotFoundError:
        _refuse(
            "--plot",
            "a PNG needs Pillow, which is not installed",
            "name a .svg file, or install the extra: chronology",
        )
    plot.write_bytes(raster.png(figure))


# --- Readable text --------------------------------------------------------------------------------------------


def _told(results: list[dict[str, object]]) -> str:
    return "\n".join("".join(f"{line}\n" for line in _lines_of(each)) for each in results)


def _lines_of(result: Json) -> list[str]:
    """Return a result as lines `name: value`, numbers in full, what is empty left out."""
    quoted = result.get("quoted")
    lines = []
    if isinstance(quoted, Mapping):
        from aliquot.chronology import errors

        lines.append(f"{errors.rounded(quoted['age_ma'], quoted['half_width_ma'])}: {quoted['label']}")
    for name, value in result.items():
        if value is None or value in ([], {}) or name == "quoted":
            continue
        if isinstance(value, Mapping):
            lines += [f"{name}:", *(f"  {key}: {_value(each)}" for key, each in value.items())]
        elif isinstance(value, list) and not all(isinstance(each, int) for each in value):
            lines += [f"{name}:", *(f"  {_value(each)}" for each in value)]
        else:
            lines.append(f"{name}: {_value(value)}")
    return lines


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(each)}" for key, each in value.items() if each is not None)
    if isinstance(value, list):
        return " ".join(_value(each) for each in value)
    return fault.seen(value) if isinstance(value, str) else json.dumps(value)
