"""What may a row of a catalogue table say about a sample? Its fields, their lengths and their words.

Knows neither a file nor a database; that the catalogue's columns have the same lengths is held by a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FORMS: Final = ("bulk", "powder", "fragment", "rock", "core", "mount", "section", "display")
CONDITIONS: Final = ("pristine", "air-exposed", "returned", "special")


@dataclass(frozen=True, slots=True)
class Field:
    """What a field means, how many characters it may have, and the words that it may be, where they are closed."""

    meaning: str
    chars_max: int
    words: tuple[str, ...] = ()
    constant: bool = True


FIELDS: Final = {
    "number": Field("the sample's number, as given", 100, constant=False),
    "parent": Field(
        "the number of the sample that it was made from; blank where it was made from none",
        100,
        constant=False,
    ),
    "mission": Field("the key of the mission that brought it, such as apollo-11", 20),
    "material": Field("what it is made of, such as Basalt", 60),
    "subtype": Field("the closer name of the material", 60),
    "form": Field("what it is, to hand", 20, FORMS),
    "condition": Field("how near it is to the state in which it came", 20, CONDITIONS),
    "use_class": Field("its class of use; the mapping's policy says which there are", 30),
    "mass": Field("its mass as a decimal; the column's unit says of what", 80, constant=False),
    "pristine": Field(
        "the share that is still pristine, in percent, at most two decimals", 20, constant=False
    ),
    "name": Field("a further name; several columns may give one each", 200, constant=False),
    "note": Field("a remark in English", 10_000),
    "note_zh": Field("a remark in Chinese", 10_000),
}
NEEDED: Final = ("number", "mission")
# Text that is stored as it stands, in a column of its own.
TEXTS: Final = ("mission", "material", "subtype", "form", "condition", "use_class", "note", "note_zh")
