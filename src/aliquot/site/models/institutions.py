"""What kind of institution somebody belongs to: for the statistics of calls. In the words of the ROR registry."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class InstitutionType(models.Model):
    """The type of an institution by its ROR ID, as a curator read it in the registry; it can be corrected."""

    class Type(models.TextChoices):
        EDUCATION = "education"
        FACILITY = "facility"
        GOVERNMENT = "government"
        NONPROFIT = "nonprofit"
        COMPANY = "company"
        ARCHIVE = "archive"
        HEALTHCARE = "healthcare"
        FUNDER = "funder"
        OTHER = "other"

    ror = models.CharField(max_length=9, unique=True)
    type = models.CharField(max_length=12, choices=Type.choices)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(type__in=("education", "facility", "government", "nonprofit", "company", "archive", "healthcare",
                                      "funder", "other")),
                name="an_institution_has_a_type_of_the_registry",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.ror}: {self.type}"
