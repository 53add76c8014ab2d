"""What a refused applicant would have needed, the letters that tell of decisions, the types of institutions.

That a letter was issued, and the hash of its text, is append-only; the text names people, who may ask to be forgotten.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ledger = import_module("aliquot.site.migrations.0003_ledger_is_append_only")

TABLES = ("aliquot_letter",)
DECISIONS = ("aliquot_requestdecision",)


def forbid(apps, schema_editor):
    ledger.forbid_on(TABLES, schema_editor)


def allow(apps, schema_editor):
    ledger.allow_on(TABLES, schema_editor)


def open_decisions(apps, schema_editor):
    ledger.allow_on(DECISIONS, schema_editor)


def close_decisions(apps, schema_editor):
    ledger.forbid_on(DECISIONS, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0012_reviews_talked_over")]
    operations = [
        # SQLite makes a table anew for a further column, and its triggers would be lost.
        migrations.RunPython(open_decisions, close_decisions),
        migrations.AddField(
            model_name="requestdecision", name="needed", field=models.TextField(blank=True, default="")
        ),
        migrations.RunPython(close_decisions, open_decisions),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(choices=[("decision", "Decision"), ("appeal", "Appeal")], max_length=10),
                ),
                ("language", models.CharField(max_length=10)),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="aliquot.request",
                    ),
                ),
            ],
            options={"ordering": ("pk",)},
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                fields=("request", "round", "kind", "language"), name="a_letter_is_issued_once_a_language"
            ),
        ),
        migrations.CreateModel(
            name="LetterText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("blocks", models.JSONField()),
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="text", to="aliquot.letter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InstitutionType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ror", models.CharField(max_length=9, unique=True)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("education", "Education"),
                            ("facility", "Facility"),
                            ("government", "Government"),
                            ("nonprofit", "Nonprofit"),
                            ("company", "Company"),
                            ("archive", "Archive"),
                            ("healthcare", "Healthcare"),
                            ("funder", "Funder"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="institutiontype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "type__in",
                        (
                            "education",
                            "facility",
                            "government",
                            "nonprofit",
                            "company",
                            "archive",
                            "healthcare",
                            "funder",
                            "other",
                        ),
                    )
                ),
                name="an_institution_has_a_type_of_the_registry",
            ),
        ),
        migrations.RunPython(forbid, allow),
    ]
