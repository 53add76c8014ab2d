"""Fields that forms of lending share: a place of the store, samples of a loan to be ticked, numbers of seals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aliquot import mass
from aliquot.site.models import Holder, Place, Sample
from aliquot.site.web import scanned


class PlaceField(forms.CharField):
    """A place by the code on its label; once it is read the holder that mass is posted to."""

    def __init__(self, **told: Any) -> None:
        told = {
            "label": _("Place in the store"),
            "max_length": 60,
            "help_text": _("The code on its label."),
        } | told
        widget = forms.TextInput(attrs={"list": "places", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(widget=widget, **told)

    def clean(self, value: object) -> str:
        code = scanned.name_of(super().clean(value)).strip()
        if not code:
            return ""
        found = Place.objects.filter(code=code).select_related("holder").first()
        if found is not None:
            return found.holder.key
        if Holder.objects.filter(key=code, root="place").exists():
            return code
        raise forms.ValidationError(_("There is no such place in the store; write the code on its label."))


class SamplesField(forms.MultipleChoiceField):
    """Samples to be ticked, all of them at first."""

    def __init__(self, **told: Any) -> None:
        super().__init__(label=_("Samples"), widget=forms.CheckboxSelectMultiple, **told)


class SealsField(forms.CharField):
    """Numbers of seals, one a line; a tuple once they are read."""

    def __init__(self, **told: Any) -> None:
        told = {"label": _("Numbers of the seals"), "help_text": _("One a line."), "max_length": 4000} | told
        super().__init__(widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}), **told)

    def clean(self, value: object) -> tuple[str, ...]:
        text = super().clean(value)
        return tuple(line.strip() for line in text.splitlines() if line.strip())


def choices(rows: Iterable[tuple[Sample, int]]) -> Sequence[tuple[str, str]]:
    """Return samples with their masses to be ticked."""
    return [(row.number, f"{row.number} · {mass.show(mass_ng)}") for row, mass_ng in rows]
