"""What was done to a call, a request, a review or a decision is never rewritten: the database refuses it.

The texts of requests and of conflicts are not among it: they name people, who may ask to be forgotten. A receipt's hash
still shows whether a text is the one that was submitted.
"""

from importlib import import_module

from django.db import migrations

ledger = import_module("aliquot.site.migrations.0003_ledger_is_append_only")

TABLES = (
    "aliquot_callstep",
    "aliquot_receipt",
    "aliquot_requeststep",
    "aliquot_reviewstep",
    "aliquot_requestdecision",
)


def forbid(apps, schema_editor):
    ledger.forbid_on(TABLES, schema_editor)


def allow(apps, schema_editor):
    ledger.allow_on(TABLES, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0008_access")]
    operations = [migrations.RunPython(forbid, allow)]
