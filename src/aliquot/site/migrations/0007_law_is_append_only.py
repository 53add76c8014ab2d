"""What was screened, decided, certified and waived is never rewritten: the database refuses it."""

from importlib import import_module

from django.db import migrations

ledger = import_module("aliquot.site.migrations.0003_ledger_is_append_only")

TABLES = ("aliquot_screening", "aliquot_screeningdecision", "aliquot_certificate", "aliquot_waiver")


def forbid(apps, schema_editor):
    ledger.forbid_on(TABLES, schema_editor)


def allow(apps, schema_editor):
    ledger.allow_on(TABLES, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0006_law")]
    operations = [migrations.RunPython(forbid, allow)]
