"""The tables of 0001 to 0019 in one step, for a new instance: one by one they take ten times as long.

The nineteen say what the tables are; nothing is repeated here. Django keeps to them where some have been applied, and
to this one where none has.
"""

from importlib import import_module
from pathlib import Path

from django.db import migrations
from django.db.migrations.operations.base import Operation

FIRST, LAST = 1, 19
NAMES = sorted(
    path.stem
    for path in Path(__file__).parent.glob("0*.py")
    if "squashed" not in path.stem and FIRST <= int(path.stem[:4]) <= LAST
)
PARTS = [import_module(f"aliquot.site.migrations.{name}") for name in NAMES]
GUARDED = [part for part in PARTS if hasattr(part, "forbid")]


class MakeAllTables(Operation):
    """Make the tables that a list of operations ends with, without those it passes through on its way.

    Django draws up all models anew for each operation on one of them. Here they are drawn up once.
    """

    reversible = False

    def __init__(self, operations):
        self.operations = operations

    def state_forwards(self, app_label, state):
        vars(state).pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for label, name in to_state.models:
            model = to_state.apps.get_model(label, name)
            if label == app_label and self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def describe(self):
        return f"Make the tables of {NAMES[0]} to {NAMES[-1]}"


def make_head(apps, schema_editor):
    import_module("aliquot.site.migrations.0003_ledger_is_append_only").make_head(apps, schema_editor)


def make_append_only(apps, schema_editor):
    for part in GUARDED:
        part.forbid(apps, schema_editor)


class Migration(migrations.Migration):
    initial = True
    replaces = [("aliquot", name) for name in NAMES]
    operations = [
        MakeAllTables(
            [
                operation
                for part in PARTS
                for operation in part.Migration.operations
                if not isinstance(operation, migrations.RunPython)
            ]
        ),
        migrations.RunPython(make_head, migrations.RunPython.noop),
        migrations.RunPython(make_append_only, migrations.RunPython.noop),
    ]
