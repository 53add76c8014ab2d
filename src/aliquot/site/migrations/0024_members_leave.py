"""Who wrote a request and was taken off it, and by whom: rows that are only ever added. A letter tells who is turned away, too."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ledger = import_module("aliquot.site.migrations.0003_ledger_is_append_only")

TABLES = ("aliquot_requestleaver",)


def forbid(apps, schema_editor):
    ledger.forbid_on(TABLES, schema_editor)


def allow(apps, schema_editor):
    ledger.allow_on(TABLES, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0023_results_more")]
    operations = [
        migrations.CreateModel(
            name="RequestLeaver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("request", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="leavers", to="aliquot.request")),
            ],
            options={"ordering": ("pk",)},
        ),
        migrations.RunPython(forbid, allow),
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(choices=[("decision", "Decision"), ("appeal", "Appeal"), ("screened", "Screened")], max_length=10),
        ),
    ]
