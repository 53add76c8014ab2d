"""How is a claim told on a page? A form for each kind; its fields have the names of the record's files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aliquot.fault import Fault
from aliquot.register import FATES, KINDS, SAYS, Grade, Precision
from aliquot.register_claims import Kind, Tie
from aliquot.site.operations.register import Proposal
from aliquot.site.queries.register import words
from aliquot.site.web import acting
from aliquot.site.web.acting import Shown

TITLES: Final[dict[str, Promise]] = {
    "statement": _("Statement about something that the register has"),
    "transfer": _("Gift, exchange, loan, deposit or display"),
    "source": _("Source"),
    "party": _("State, institution or person"),
}
PRECISIONS: Final = (
    (Precision.STATED.value, _("as stated")),
    (Precision.ABOUT.value, _("about")),
    (Precision.AT_LEAST.value, _("at least")),
    (Precision.AT_MOST.value, _("at most")),
)
DAY: Final = _("Such as 1970-09-24, 1978-05, 1973, ~1972 (about), <2025-12 (before), 1969/1970.")
SOURCE: Final = "source_"
LISTS: Final = frozenset({"sources", "missions", "addresses", "persons"})


def grades() -> list[tuple[str, str]]:
    """Return the grades in the reader's language."""
    return [("", ""), *((one.value, f"{one.value}: {words.GRADES[one.value]}") for one in Grade)]


def _text(
    label: Promise | str, *, rows: int = 0, most: int = 4000, help_text: Promise | str = ""
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, required=False, max_length=most, widget=widget, help_text=help_text, strip=True
    )


def _choice(
    label: Promise | str, options: Iterable[tuple[str, object]], help_text: Promise | str = ""
) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=list(options), help_text=help_text)


HEADINGS: Final = (
    _("What is claimed"), _("Its value: exactly one"), _("What it rests on"), _("A source that the register has not yet"),
    _("Beside it"),
)  # fmt: skip
_OF_VALUE: Final = frozenset({"mass", "count", "on", "value_en", "value_zh", "precision"})
_RESTS: Final = frozenset({"sources", "grade", "date", "scope_en", "scope_zh"})
_BESIDE: Final = frozenset({"note_en", "note_zh", "contradicts", "supersedes", "same_event", "why"})


def _group(name: str) -> int:
    """Return under which heading a field of a fact stands."""
    if name.startswith(SOURCE):
        return 3
    return next((at for at, names in ((1, _OF_VALUE), (2, _RESTS), (4, _BESIDE)) if name in names), 0)


# What a claim of any kind has to tell; what one of a kind need not, its fields do not have.
NEEDED: Final = frozenset(
    {
        "about",
        "says",
        "kind",
        "title_en",
        "name_en",
        "giver",
        "receiver",
        "material_en",
        "grade",
        "date",
        "scope_en",
        "title",
    }
)


class ClaimForm(forms.Form):
    """What every claim has; faults of the register stand beside the field that they name."""

    kind = Kind.STATEMENT

    def values(self) -> dict[str, object]:
        """Return the fields of the fact as the register reads them."""
        told: dict[str, object] = {}
        for name, value in self.cleaned_data.items():
            if not value or name.startswith(SOURCE) or name in ("why", *TIES):
                continue
            if name == "count":
                told[name] = int(value) if value.isascii() and value.isdigit() and len(value) < 16 else value
            else:
                told[name] = value.split() if name in LISTS else value
        return told

    def groups(self) -> list[tuple[Promise, list[tuple[forms.BoundField, bool]]]]:
        """Return the fields under the headings of the form, each with whether it is needed."""
        is_statement = self.kind is Kind.STATEMENT
        groups = {name: _group(name) if is_statement or _group(name) != 1 else 0 for name in self.fields}
        found = [
            (heading, [(self[name], self._is_needed(name)) for name, group in groups.items() if group == at])
            for at, heading in enumerate(HEADINGS)
        ]
        return [(heading, fields) for heading, fields in found if fields]

    def _is_needed(self, name: str) -> bool:
        return name in NEEDED and not (name == "date" and self.kind is Kind.SOURCE)

    def proposal(self) -> Proposal:
        said = self.cleaned_data
        cited = {
            name.removeprefix(SOURCE): value.split() if name.removeprefix(SOURCE) in LISTS else value
            for name, value in said.items()
            if name.startswith(SOURCE) and value
        }
        links = {tie: said.get(field, "").split() for field, tie in TIES.items()}
        return Proposal(self.kind.value, self.values(), cited or None, links, said.get("why", ""))

    def put(self, faults: Iterable[Fault]) -> list[Shown]:
        """Put each fault beside its field; return those that belong to none."""
        rest = []
        for one in acting.shown(faults):
            name = one.where.replace(".", "_").replace("-", "_")
            if name in self.fields:
                self.add_error(name, f"{one.said}; {one.advice}")
            else:
                rest.append(one)
        return rest


TIES: Final = {"contradicts": Tie.CONTRADICTS, "supersedes": Tie.SUPERSEDES, "same_event": Tie.SAME_EVENT}


class _Supported(ClaimForm):
    """A fact with its sources, of which one may be new."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["grade"] = _choice(_("Grade"), grades(), _("Never better than that of its best source."))
        self.fields["date"] = _text(_("Date of the statement"), most=40, help_text=DAY)
        self.fields["scope_en"] = _text(_("What the claim covers, in English"), most=400)
        self.fields["scope_zh"] = _text(_("What the claim covers, in Chinese"), most=400)
        self.fields["note_en"] = _text(_("Note, in English"), rows=2)
        self.fields["note_zh"] = _text(_("Note, in Chinese"), rows=2)
        self.fields["sources"] = _text(
            _("Sources of the register"),
            most=400,
            help_text=_("Their keys, parted by spaces, such as C20 I1."),
        )
        self.fields["source_title"] = _text(_("A new source: its title"), most=400)
        self.fields["source_publisher"] = _text(_("Its publisher"), most=200)
        self.fields["source_date"] = _text(_("Its date"), most=40, help_text=DAY)
        self.fields["source_addresses"] = _text(_("Its address"), most=400, help_text=_("Without https://."))
        self.fields["source_language"] = _text(_("Its language"), most=10, help_text=_("Such as en or zh."))
        self.fields["source_grade"] = _choice(_("Its grade"), grades())
        self.fields["source_sha256"] = _text(_("SHA-256 of its archived text"), most=64)
        self.fields["contradicts"] = _text(_("Contradicts"), most=400, help_text=KEYS)
        self.fields["supersedes"] = _text(_("Supersedes"), most=400, help_text=KEYS)
        self.fields["same_event"] = _text(_("Tells of the same event as"), most=400, help_text=KEYS)
        self.fields["why"] = _text(_("Why"), rows=2, help_text=_("For whoever looks at it."))


KEYS: Final = _("Keys of facts, parted by spaces; the page of a fact has its key.")


class StatementForm(_Supported):
    """One thing that a source says of one subject; exactly one value."""

    kind = Kind.STATEMENT
    about = _text(
        _("Subject"),
        most=80,
        help_text=_(
            "Key of a mission, party, transfer or round, such as luna-20; or a part of its name, and search."
        ),
    )
    says = _choice(_("What is said"), [("", ""), *((key, said.en) for key, said in SAYS.items())])
    object = _text(_("With regard to"), most=80)
    part = _text(_("Part of the subject"), most=80)
    mass = _text(_("Mass"), most=40, help_text=_("Number and unit, such as 1.5 g."))
    count = _text(_("Count"), most=15)
    on = _text(_("Day of the event"), most=40, help_text=DAY)
    value_en = _text(_("In words, in English"), most=400)
    value_zh = _text(_("In words, in Chinese"), most=400)
    precision = _choice(_("How exactly"), PRECISIONS)
    place_en = _text(
        _("Place, in English"), most=200, help_text=_("Where it happened, or where the thing was.")
    )
    place_zh = _text(_("Place, in Chinese"), most=200)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        language = words.language()
        # As one types, choices come; without a script the button beside it searches.
        self.fields["about"].widget.attrs |= {
            "list": "subjects", "hx-get": reverse("claim-subjects"), "hx-trigger": "input changed delay:300ms", "hx-target": "#subjects",
            "autocomplete": "off",
        }  # fmt: skip
        self.fields["says"].choices = [("", ""), *((key, said.text(language)) for key, said in SAYS.items())]


class TransferForm(_Supported):
    """Who gave, lent, exchanged or showed what."""

    kind = Kind.TRANSFER

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        language = words.language()
        own = {
            "kind": _choice(_("Kind"), [("", ""), *((one.value, said.text(language)) for one, said in KINDS.items())]),
            "title_en": _text(_("Title, in English"), most=200),
            "title_zh": _text(_("Title, in Chinese"), most=200),
            "giver": _text(_("Giver or lender"), most=80, help_text=_("Key of a party, such as us or cnsa.")),
            "receiver": _text(_("Receiver or borrower"), most=80),
            "holder": _text(_("With whom now"), most=80),
            "missions": _text(_("Missions"), most=200, help_text=_("Their keys, parted by spaces, such as change-5.")),
            "material_en": _text(_("Material, in English"), most=200),
            "material_zh": _text(_("Material, in Chinese"), most=200),
            "mass": _text(_("Mass"), most=40, help_text=_("Number and unit, such as 1.5 g.")),
            "precision": _choice(_("How exactly"), PRECISIONS),
            "until": _text(_("Until"), most=40, help_text=DAY),
            "fate": _choice(_("What became of it"), [("", ""), *((one.value, said.text(language)) for one, said in FATES.items())]),
            "fate_date": _text(_("When that was"), most=40, help_text=DAY),
        }  # fmt: skip
        self.fields = {**own, **self.fields}


class SourceForm(ClaimForm):
    """A page, paper or notice."""

    kind = Kind.SOURCE
    title = _text(_("Title"), most=400)
    publisher = _text(_("Publisher"), most=200)
    date = _text(_("Date"), most=40, help_text=DAY)
    addresses = _text(_("Address"), most=400, help_text=_("Without https://."))
    language = _text(_("Language"), most=10, help_text=_("Such as en or zh."))
    grade = forms.ChoiceField(label=_("Grade"), required=False, choices=grades)
    sha256 = _text(_("SHA-256 of its archived text"), most=64)
    note_en = _text(_("Note, in English"), rows=2)
    note_zh = _text(_("Note, in Chinese"), rows=2)
    why = _text(_("Why"), rows=2, help_text=_("For whoever looks at it."))


class PartyForm(ClaimForm):
    """Who gives, receives or holds."""

    kind = Kind.PARTY

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["kind"] = _choice(
            _("Kind"), [("", ""), *((key, said) for key, said in words.PARTY.items())]
        )
        self.fields["name_en"] = _text(_("Name, in English"), most=200)
        self.fields["name_zh"] = _text(_("Name, in Chinese"), most=200)
        self.fields["name_own"] = _text(_("Name in its own script"), most=200)
        self.fields["language_own"] = _text(
            _("Language of that name"), most=10, help_text=_("Such as en or zh.")
        )
        self.fields["country"] = _text(_("Country"), most=2, help_text=_("Two letters, such as FR."))
        self.fields["note_en"] = _text(_("Note, in English"), rows=2)
        self.fields["note_zh"] = _text(_("Note, in Chinese"), rows=2)
        self.fields["why"] = _text(_("Why"), rows=2, help_text=_("For whoever looks at it."))


FORMS: Final[dict[str, type[ClaimForm]]] = {
    "statement": StatementForm,
    "transfer": TransferForm,
    "source": SourceForm,
    "party": PartyForm,
}


def form_of(request: HttpRequest, kind: str) -> ClaimForm:
    """Return the form of a kind, filled from the address or with what was typed."""
    made = FORMS[kind]
    if request.method != "POST":
        return made(initial={name: value[:400] for name, value in request.GET.items() if "\0" not in value})
    told = request.POST.copy()
    if chosen := told.get("found"):
        told["about"] = chosen
    if told.get("act") == "find":
        return made(initial={name: value for name, value in told.items() if "\0" not in value})
    return made(told)
