"""What is told of a parcel at either end: seals, gross mass, who carries it, how each sample was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aliquot import parcels
from aliquot.parcels import Found, Opened, Packed
from aliquot.site import loan_words
from aliquot.site.models import Parcel, ParcelItem
from aliquot.site.web.loans_fields import PlaceField, SealsField
from aliquot.site.web.loans_ways import DayField, LongField, MassField, WayForm

GROSS_SD_NG = 50_000_000  # what a balance for parcels shows at best


class GrossForm(WayForm):
    """A gross mass with one standard deviation."""

    RENAMED: ClassVar[Mapping[str, str]] = {"gross": "gross_ng"}


class HandOverForm(GrossForm):
    """What is told of a parcel as it leaves."""

    seals = SealsField()
    gross_ng = MassField(label=_("Gross mass"))
    gross_sd_ng = MassField(
        label=_("Uncertainty of that balance"), required=False, help_text=_("One standard deviation.")
    )
    carrier = forms.CharField(label=_("Carrier, or who carries it by hand"), max_length=parcels.WORD_MOST)
    tracking = forms.CharField(
        label=_("Number with the carrier"), max_length=parcels.WORD_MOST, required=False
    )
    expected_on = DayField(label=_("Expected on"), required=False)
    collector = forms.CharField(label=_("Who collects it"), max_length=parcels.WORD_MOST, required=False)
    identity = forms.CharField(
        label=_("What they showed to prove who they are"), max_length=parcels.WORD_MOST, required=False,
        help_text=_("The kind of paper, such as a passport; never its number."),
    )  # fmt: skip
    note = LongField(label=_("Note"), required=False, rows=2)


class OpenedForm(GrossForm):
    """What is told of a parcel as it arrives, by whoever has an account."""

    name = forms.CharField(label=_("Who received it"), max_length=parcels.WORD_MOST)
    seals = SealsField(required=False)
    gross_ng = MassField(label=_("Gross mass"), required=False)
    gross_sd_ng = MassField(
        label=_("Uncertainty of that balance"), required=False, help_text=_("One standard deviation.")
    )
    note = LongField(
        label=_("Note"), required=False, help_text=_("Wanted where anything is other than when it left.")
    )

    def make(self) -> None:
        parcel: Parcel = self.about
        self.items = items_of(parcel)
        for i, item in enumerate(self.items):
            self.fields[f"found_{i}"] = forms.ChoiceField(
                label=item.sample.number,
                choices=loan_words.FOUND.items,
                widget=forms.RadioSelect,
                initial=Found.SOUND,
            )
        if parcel.direction == "back":
            self.fields["place"] = PlaceField(help_text=_("Where it is put until it is weighed."))
        self.initial = {
            "name": self.by.name if self.by and self.by.is_authenticated else "",
            "seals": "\n".join(parcel.seals),
        }


class ReceiverForm(OpenedForm):
    """The same for whoever comes by a link, on a phone: are the seals whole, and a photograph of what is not."""

    INTACT: tuple[tuple[str, Promise], ...] = (
        ("yes", _("Yes, all of them")),
        ("no", _("No, or others than these")),
    )
    intact = forms.ChoiceField(
        label=_("Are the seals whole, with these numbers?"), choices=INTACT, widget=forms.RadioSelect
    )
    photograph = forms.FileField(label=_("Photograph of any damage"), required=False,
                                 widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}))  # fmt: skip
    field_order = ("name", "intact", "seals", "gross_ng")

    def make(self) -> None:
        super().make()
        self.fields["seals"] = SealsField(
            required=False,
            label=_("Which seals are on it"),
            help_text=_("Where they are not whole or are others; one a line."),
        )
        self.fields["gross_ng"].help_text = _("With all its packing, if you can weigh it.")
        del self.fields["gross_sd_ng"]
        self.initial = {}
        self.order_fields(
            [*self.field_order, *(f"found_{i}" for i in range(len(self.items))), "photograph", "note"]
        )

    def clean(self) -> dict[str, Any]:
        """Want a note where the seals are not whole, even if the same numbers are written."""
        said = super().clean() or self.cleaned_data
        if said.get("intact") == "no" and not said.get("note"):
            self.add_error("note", _("Say what you saw."))
        return said


class LinkForm(WayForm):
    """How long the link works."""

    days = forms.IntegerField(
        label=_("Days for which it works"), min_value=1, max_value=366, initial=parcels.LINK_DAYS
    )


class AttachForm(WayForm):
    """A file of the parcel; of a transport log its rows are read."""

    kind = forms.ChoiceField(label=_("What it is"), choices=loan_words.FILES.items)
    file = forms.FileField(
        label=_("File"), help_text=_("A transport log: CSV with time and temperature_c, shock_g or both.")
    )
    RENAMED: ClassVar[Mapping[str, str]] = {"log": "file"}


class TakeBackForm(WayForm):
    """Where it is put."""

    place = PlaceField()


def packed(said: Mapping[str, Any]) -> Packed:
    """Return how a parcel leaves, from a sound `HandOverForm`."""
    return Packed(
        carrier=said["carrier"], seals=said["seals"], gross_ng=said["gross_ng"], gross_sd_ng=said["gross_sd_ng"] or 0,
        expected_on=said["expected_on"], tracking=said["tracking"], note=said["note"], collector=said["collector"],
        identity=said["identity"],
    )  # fmt: skip


def opened(parcel: Parcel, said: Mapping[str, Any]) -> Opened:
    """Return how a parcel arrived, from a sound `OpenedForm` or `ReceiverForm`.

    Seals that are whole are those with which it left. Nobody asks a mail room how good its balance is: a hundredth of what it
    shows, and no less than 50 mg.
    """
    found = {item.sample.number: said[f"found_{i}"] for i, item in enumerate(items_of(parcel))}
    gross_ng = said["gross_ng"]
    by_link = "intact" in said
    seals = tuple(parcel.seals) if said.get("intact") == "yes" else said["seals"]
    sd_ng = max(GROSS_SD_NG, (gross_ng or 0) // 100) if by_link else said["gross_sd_ng"] or 0
    return Opened(said["name"], seals, gross_ng, sd_ng, found, said["note"])


def items_of(parcel: Parcel) -> list[ParcelItem]:
    """Return what is in a parcel, in the order of the form."""
    return list(parcel.items.select_related("sample").order_by("pk"))
