"""What was done to samples and places is never rewritten: the database refuses it, as it does for the ledger."""

from importlib import import_module

from django.db import migrations

ledger = import_module("aliquot.site.migrations.0003_ledger_is_append_only")

TABLES = (
    "aliquot_handling",
    "aliquot_handledsample",
    "aliquot_exposure",
    "aliquot_tooluse",
    "aliquot_approval",
    "aliquot_placemove",
    "aliquot_environment",
    "aliquot_incidentstep",
)


def forbid(apps, schema_editor):
    ledger.forbid_on(TABLES, schema_editor)


def allow(apps, schema_editor):
    ledger.allow_on(TABLES, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0004_workbench")]
    operations = [migrations.RunPython(forbid, allow)]
