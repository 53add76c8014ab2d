"""Which acts are there at the bench, and what is recorded of each? The one table that pages, API and guide are made from.

What to record of each unit operation: domain facts, section 6.1; the classes of exposure, section 6.1 and Allton 1999
[N13]. Knows no text that somebody typed (see `reading`) and decides nothing (see `planning`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aliquot.ledger import Kind


class Type(StrEnum):
    """What may be told in a field, and how it is typed."""

    TEXT = "text"
    MOMENT = "moment"  # `2026-03-14T09:30Z`, with another offset, or with none (UTC)
    MASS = "mass"  # `1.25 g`; nanograms once read
    NUMBER = "number"  # a decimal; the unit is the field's
    SAMPLE = "sample"  # the number of a sample that there is
    SAMPLES = "samples"  # several of them: a list, or a text with one a line
    NEW = "new"  # the number of a sample that there is not yet
    PLACE = "place"  # the key of a holder (`place:a3`) or the code on the place's label
    HOLDER = "holder"  # the key of any holder of the ledger
    PERSON = "person"  # `person:17`
    TOOLS = "tools"  # the numbers of tools: a list, or a text with one a line
    INSTRUMENT = "instrument"  # the key of an instrument
    CHOICE = "choice"  # one of `choices`
    LINES = "lines"  # rows of `columns`: a list of objects, or a pasted table


@dataclass(frozen=True, slots=True)
class Choice:
    """One word that may be chosen, and how it is read."""

    word: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is recorded of an act; `label` and `hint` are English and translatable, `unit` that of a number."""

    name: str
    type: Type
    label: str
    hint: str = ""
    required: bool = False
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    columns: tuple[Field, ...] = ()
    most: int = 2_000  # characters of a text


@dataclass(frozen=True, slots=True)
class Act:
    """One act at the bench.

    `ledger` are the kinds of entry that it may write. `touches`: it opens, divides, changes or exposes the material,
    so that a sealed sample wants approvals first. `counted`: it may be done to what is counted and not weighed.
    """

    kind: str
    group: str
    label: str
    purpose: str
    fields: tuple[Field, ...]
    ledger: tuple[Kind, ...] = ()
    touches: bool = False
    counted: bool = True

    def field(self, name: str) -> Field:
        """Return the field of that name."""
        return next(one for one in self.fields if one.name == name)


# The words of the catalogue for what a sample is, to hand.
FORMS: Final = (
    Choice("bulk", "bulk soil"),
    Choice("powder", "powder"),
    Choice("fragment", "lithic fragment"),
    Choice("rock", "rock"),
    Choice("core", "core"),
    Choice("mount", "polished mount"),
    Choice("section", "thin section"),
    Choice("display", "display"),
)
# What is counted and not weighed any more; its mass in the book is nominal (domain facts, 6.1 and 6.2).
COUNTED: Final = frozenset({"mount", "section"})
AGENTS: Final = (
    Choice("air", "air"),
    Choice("magnet", "a magnet"),
    Choice("heat", "heat"),
    Choice("beam", "a beam"),
    Choice("dose", "a radiation dose"),
    Choice("liquid", "a liquid"),
)
CONDITIONS: Final = (
    Choice("pristine", "pristine"),
    Choice("air-exposed", "air-exposed"),
    Choice("returned", "returned"),
    Choice("special", "special"),
)
GROUPS: Final = (
    Choice("arrive", "Arrival"),
    Choice("divide", "Dividing"),
    Choice("prepare", "Preparing"),
    Choice("join", "Joining and renaming"),
    Choice("weigh", "Weighing"),
    Choice("keep", "Keeping"),
    Choice("examine", "Examining and exposing"),
    Choice("end", "Losing, finding, destroying"),
    Choice("correct", "Setting right"),
)

_SD = Field("sd", Type.MASS, "± one standard deviation", "Leave it out to take that of the balance.")
_FORM = Field("form", Type.CHOICE, "form", choices=FORMS)
_PARENT = Field("sample", Type.SAMPLE, "sample", required=True)
_SAMPLES = Field("samples", Type.SAMPLES, "samples", "One number a line.", required=True)
_SOURCE = Field("source", Type.PLACE, "from", "Only needed where the sample lies in several places.")
_BALANCE = Field("balance", Type.INSTRUMENT, "balance")
_LOSS = Field("loss", Type.MASS, "lost in handling", "Dust, kerf, fines on tools; it stands as attrition.")
_INSTRUMENT = Field("instrument", Type.INSTRUMENT, "instrument", required=True)
_SETTINGS = Field("settings", Type.TEXT, "settings")
_HASH = Field("sha256", Type.TEXT, "SHA-256 of the file", most=64)
_SCALE = Field("um_per_px", Type.NUMBER, "scale", unit="µm/px")
_RESIN = Field("resin", Type.TEXT, "resin and its batch", most=200)
_SERIAL = Field("serial", Type.TEXT, "serial number", most=80)
_AGENT_DOSE = Field("dose", Type.TEXT, "dose", "What the sample got, such as 1.2 kGy; it is kept for good.", most=120)  # fmt: skip
_BEAM = Field("beam", Type.TEXT, "beam", "Only where a beam met the sample, such as 15 kV electrons, 10 nA.", most=120)  # fmt: skip

_CUT: Final = (
    Field("number", Type.NEW, "number", required=True),
    Field("mass", Type.MASS, "mass", required=True),
    _FORM,
    Field("container", Type.PLACE, "into", "Leave it out where it stays with the parent."),
    Field("sd", Type.MASS, "±"),
    Field("material", Type.TEXT, "material", most=60),
    Field("use_class", Type.TEXT, "class of use", most=30),
    Field("orientation", Type.TEXT, "orientation", most=120),
    Field("note", Type.TEXT, "note", most=500),
)
_MESH = Field("mesh", Type.TEXT, "mesh", "Such as < 90 µm.", most=60)
_GRAIN = Field("size_um", Type.NUMBER, "size", unit="µm")
_THICKNESS = Field("thickness_um", Type.NUMBER, "thickness", unit="µm")
_ORIGINALS = (
    Field("number", Type.NEW, "number", required=True),
    Field("mass", Type.MASS, "net mass", required=True),
    Field("mission", Type.TEXT, "mission", most=20),
    Field("material", Type.TEXT, "material", most=60),
    _FORM,
    Field("condition", Type.CHOICE, "condition", choices=CONDITIONS),
    Field("use_class", Type.TEXT, "class of use", most=30),
    Field("sd", Type.MASS, "±"),
    Field("gross", Type.MASS, "gross mass"),
    Field("tare", Type.MASS, "tare"),
)
# What the closing of a division is held against.
_CLOSING: Final = (
    Field("fines", Type.MASS, "fines and chips kept"),
    Field("fines_number", Type.NEW, "their number"),
    _LOSS,
    Field(
        "left",
        Type.MASS,
        "left of the parent",
        "What the balance shows of it afterwards; 0 g where nothing is left. Leave it out where it was not weighed.",
    ),
    Field("left_sd", Type.MASS, "± of what is left"),
    _BALANCE,
    _SOURCE,
)
_LEDGER_BASIS = Field("basis", Type.TEXT, "rests on", "The document, such as allocation:2026-1/17; it is cited in the ledger.", most=120)  # fmt: skip
_AT = Field("at", Type.MOMENT, "when", "When it was done, in UTC; now where nothing is told.")
_TOOLS = Field("tools", Type.TOOLS, "tools", "One number a line.")
_WORKPLACE = Field("place", Type.PLACE, "done at")
_NOTE = Field("note", Type.TEXT, "note")


def _act(
    kind: str,
    group: str,
    label: str,
    purpose: str,
    *fields: Field,
    ledger: tuple[Kind, ...] = (),
    touches: bool = False,
    counted: bool = True,
    two: bool = False,
    reason: bool = False,
    cleans: bool = False,
) -> Act:
    """Return an act with its own fields and those that every act has. `two`: a second person must be named."""
    common = [
        _AT,
        Field("second", Type.PERSON, "second person", required=two),
        _WORKPLACE,
        *([] if cleans else [_TOOLS]),
        *([_LEDGER_BASIS] if ledger else []),
        Field("reason", Type.TEXT, "reason", required=reason),
        _NOTE,
    ]
    return Act(kind, group, label, purpose, (*fields, *common), ledger, touches, counted)


def _cuts(*more: Field, label: str) -> Field:
    """Return the rows of daughters: what each has, and what this act records besides."""
    return Field("cuts", Type.LINES, label, "A row each, or a table pasted from a spreadsheet: number, mass, form, place.",
                 required=True, columns=(*_CUT, *more))  # fmt: skip


def _dividing(kind: str, label: str, purpose: str, *own: Field, rows: Field, counted: bool = False) -> Act:
    fields = (Field("parent", Type.SAMPLE, "parent", required=True), *own, rows, *_CLOSING)
    return _act(kind, "divide", label, purpose, *fields,
                ledger=(Kind.SPLIT, Kind.ADJUST), touches=True, counted=counted)  # fmt: skip


_ALL: Final = (
    _act(
        "receive", "arrive", "Receive", "Samples arrive from a mission or a giver.",
        Field("samples", Type.LINES, "samples", required=True, columns=_ORIGINALS),
        Field("origin", Type.HOLDER, "from", "The mission or giver, such as origin:change-5.", required=True),
        Field("target", Type.PLACE, "into", required=True),
        Field("certificate", Type.TEXT, "certificate", most=200),
        Field("seals", Type.TEXT, "seals and their serial numbers", required=True),
        Field("pressure_pa", Type.NUMBER, "gas pressure", unit="Pa"),
        Field("gas", Type.TEXT, "gas composition", most=200),
        Field("video", Type.TEXT, "video", "Where it is kept.", most=200),
        _BALANCE,
        ledger=(Kind.RECEIVE,), two=True,
    ),
    _act(
        "unseal", "arrive", "Unseal", "A sealed container is opened.",
        _SAMPLES,
        Field("seals", Type.TEXT, "seals and their serial numbers", required=True),
        Field("found", Type.CHOICE, "the seals were", required=True,
              choices=(Choice("intact", "intact"), Choice("broken", "broken"), Choice("missing", "missing"))),
        Field("pressure_pa", Type.NUMBER, "gas pressure", unit="Pa"),
        Field("gas", Type.TEXT, "gas composition", most=200),
        Field("video", Type.TEXT, "video", "Where it is kept.", most=200),
        touches=True, two=True,
    ),
    _dividing("sieve", "Sieve", "Soil is parted by the size of its grains.", rows=_cuts(_MESH, label="fractions")),
    _dividing(
        "split", "Split", "A sample gives daughters.",
        Field("diagram", Type.TEXT, "cutting diagram", "Where it is kept.", most=200), rows=_cuts(label="daughters"),
    ),
    _dividing("riffle", "Riffle", "Soil is parted into like halves.",
              Field("passes", Type.NUMBER, "passes"), rows=_cuts(label="daughters")),
    _dividing(
        "chip", "Chip", "Pieces are broken off a rock.",
        Field("diagram", Type.TEXT, "cutting diagram", "Where it is kept.", most=200), rows=_cuts(label="daughters"),
    ),
    _dividing(
        "saw", "Saw", "A rock is sawn; kerf is lost, fines are kept or lost.",
        Field("blade", Type.TEXT, "blade", required=True, most=120),
        Field("coolant", Type.CHOICE, "coolant", required=True,
              choices=(Choice("none", "none"), Choice("nitrogen", "nitrogen gas"), Choice("liquid", "a liquid"))),
        Field("diagram", Type.TEXT, "cutting diagram", "Where it is kept.", most=200), rows=_cuts(label="daughters"),
    ),
    _dividing("pick", "Pick", "Grains are picked by hand under a microscope.",
              Field("microscope", Type.INSTRUMENT, "microscope"), rows=_cuts(_GRAIN, label="grains")),
    _act(
        "pot", "prepare", "Pot", "A sample is embedded in resin; it keeps its number.",
        _PARENT, _RESIN, Field("minutes", Type.NUMBER, "cured for", unit="min"),
        touches=True,
    ),
    _act(
        "mount", "prepare", "Mount", "A sample, or part of it under a new number, is mounted; from then on it is counted, not weighed.",
        _PARENT,
        Field("number", Type.NEW, "number of the mount", "Leave it out where the whole sample is mounted and keeps its number."),
        Field("mass", Type.MASS, "mass that goes in", "It is the nominal mass of the mount."),
        _LOSS, _RESIN, _SERIAL, _SOURCE,
        ledger=(Kind.SPLIT, Kind.CONSUME), touches=True,
    ),
    _act(
        "polish", "prepare", "Polish", "A mount or section is ground, polished or coated.",
        _PARENT, _LOSS,
        Field("abrasive", Type.TEXT, "abrasive", most=120),
        Field("coating", Type.TEXT, "coating", most=120),
        Field("regrinds", Type.NUMBER, "regrinds until now"),
        _SOURCE,
        ledger=(Kind.CONSUME,), touches=True,
    ),
    _act(
        "section", "prepare", "Thin section", "Sections are cut from a sample; each is counted, with a nominal mass.",
        Field("parent", Type.SAMPLE, "parent", required=True), _RESIN,
        _cuts(_THICKNESS, Field("serial", Type.TEXT, "serial number", most=80), label="sections"), *_CLOSING,
        ledger=(Kind.SPLIT, Kind.ADJUST), touches=True,
    ),
    _act(
        "homogenise", "join", "Homogenise", "A sample is mixed or ground until every part is like the whole.",
        _PARENT,
        Field("method", Type.TEXT, "method", required=True, most=200),
        Field("minutes", Type.NUMBER, "duration", unit="min"), _LOSS, _SOURCE,
        ledger=(Kind.CONSUME,), touches=True, counted=False,
    ),
    _act(
        "combine", "join", "Combine", "Several samples become one; it has everything behind it that any of them had.",
        Field("parts", Type.LINES, "parts", required=True, columns=(
            Field("sample", Type.SAMPLE, "sample", required=True),
            Field("mass", Type.MASS, "mass", "Leave it out to take all that lies there."),
            Field("source", Type.PLACE, "from"),
        )),
        Field("number", Type.NEW, "number of the whole", required=True),
        _FORM, _LOSS, Field("target", Type.PLACE, "into"),
        ledger=(Kind.COMBINE,), touches=True, counted=False,
    ),
    _act(
        "renumber", "join", "Renumber", "A sample gets a new number; the old one stays findable.",
        _PARENT, Field("number", Type.NEW, "new number", required=True),
        ledger=(Kind.RENUMBER,), reason=True,
    ),
    _act(
        "weigh", "weigh", "Weigh", "A balance says what a sample weighs; the book is not changed by it.",
        _PARENT,
        Field("readings", Type.LINES, "readings", "One a line, as the balance showed it.", required=True,
              columns=(Field("reading", Type.MASS, "reading", required=True),)),
        Field("balance", Type.INSTRUMENT, "balance", required=True),
        Field("calibration", Type.TEXT, "calibration", "Leave it out to take the newest.", most=80),
        _SD,
        Field("tare", Type.MASS, "container in the readings", "It is taken off. Leave it out where the balance was set to zero."),
        Field("air", Type.TEXT, "air at the balance", "Temperature, humidity, pressure.", most=200),
        _SOURCE,
        counted=False,
    ),
    _act(
        "adjust", "weigh", "Adjust", "The book is brought to what a weighing found; the difference stands as drift.",
        _PARENT,
        Field("mass", Type.MASS, "what is there", "Leave it out to take the newest weighing."),
        _SOURCE,
        ledger=(Kind.ADJUST,), counted=False, reason=True,
    ),
    _act(
        "move", "keep", "Move", "Samples change their place within the store.",
        _SAMPLES, Field("target", Type.PLACE, "into", required=True), _SOURCE,
        Field("mass", Type.MASS, "mass", "Only where part of one sample is moved."),
        Field("before", Type.TEXT, "atmosphere before", most=120),
        Field("after", Type.TEXT, "atmosphere after", most=120),
        ledger=(Kind.MOVE,),
    ),
    _act(
        "clean", "keep", "Clean", "Tools are cleaned or prepared together, as a batch.",
        Field("batch", Type.TEXT, "batch", required=True, most=60),
        Field("tools", Type.TOOLS, "tools", "One number a line.", required=True),
        Field("method", Type.TEXT, "method", required=True, most=200),
        cleans=True,
    ),
    _act(
        "expose", "examine", "Expose", "Samples meet something that cannot be undone; daughters inherit it.",
        _SAMPLES, Field("agent", Type.CHOICE, "exposed to", required=True, choices=AGENTS),
        Field("amount", Type.TEXT, "how much", "Such as 20 mT or 110 °C.", most=120),
        Field("minutes", Type.NUMBER, "duration", unit="min"),
        touches=True,
    ),
    _act(
        "image", "examine", "Photograph", "A picture is taken; a beam that meets the sample is kept as an exposure.",
        _SAMPLES, _INSTRUMENT, _SETTINGS, _SCALE, _HASH, _BEAM,
    ),
    _act(
        "scan", "examine", "Scan", "A tomography shows the inside; its dose is kept as an exposure.",
        _SAMPLES, _INSTRUMENT, Field("dose", Type.TEXT, "dose", "What the sample got, such as 1.2 kGy; it is kept for good.", required=True, most=120),
        _SETTINGS, _SCALE, _HASH,
        touches=True,
    ),
    _act(
        "spectrum", "examine", "Spectrum", "A spectrum is taken; a beam or dose is kept as an exposure.",
        _SAMPLES, _INSTRUMENT, Field("technique", Type.TEXT, "technique", required=True, most=120),
        _SETTINGS, _BEAM, _AGENT_DOSE, _HASH,
    ),
    _act(
        "lose", "end", "Report missing", "A sample is not where the book has it.",
        _PARENT, _SOURCE, Field("mass", Type.MASS, "mass", "Leave it out where all that lies there is missing."),
        ledger=(Kind.LOSE,), reason=True,
    ),
    _act(
        "find", "end", "Report found", "What was missing is there again.",
        _PARENT, Field("target", Type.PLACE, "found at", required=True),
        Field("mass", Type.MASS, "mass", "Leave it out where all that was missing was found."),
        ledger=(Kind.FIND,),
    ),
    _act(
        "destroy", "end", "Destroy or use up", "Material ends, by analysis or otherwise, on somebody's authority.",
        _PARENT,
        Field("fate", Type.CHOICE, "fate", required=True, choices=(
            Choice("consumption", "used up by analysis"), Choice("destruction", "destroyed"))),
        Field("mass", Type.MASS, "mass", "Leave it out where nothing is left."),
        Field("authority", Type.TEXT, "on whose authority", required=True, most=200),
        Field("evidence", Type.TEXT, "evidence", "Where it is kept.", most=200), _SOURCE,
        ledger=(Kind.CONSUME,), touches=True, reason=True,
    ),
    _act(
        "correct", "correct", "Correct", "A further entry sets right what an earlier one got wrong, or undoes it whole.",
        Field("entry", Type.NUMBER, "number of the entry", required=True),
        Field("lines", Type.LINES, "what it should have moved besides", "Leave it out to undo the entry.", columns=(
            Field("sample", Type.SAMPLE, "sample", required=True),
            Field("mass", Type.MASS, "mass", required=True),
            Field("source", Type.HOLDER, "from", required=True),
            Field("target", Type.HOLDER, "to", required=True),
        )),
        ledger=(Kind.CORRECT,), reason=True,
    ),
)  # fmt: skip

KINDS: Final[dict[str, Act]] = {act.kind: act for act in _ALL}
