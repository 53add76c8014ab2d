"""The database itself refuses to change or remove what the ledger has recorded, on SQLite and PostgreSQL."""

from django.db import migrations

TABLES = ("aliquot_entry", "aliquot_posting", "aliquot_treehash", "aliquot_checkpoint", "aliquot_descent")
ACTS = ("UPDATE", "DELETE")
SAID = "what was recorded is append-only: correct it with a further record"

_SQLITE = """
CREATE TRIGGER {table}_refuses_{act} BEFORE {ACT} ON {table}
BEGIN SELECT RAISE(ABORT, '{said}'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE FUNCTION aliquot_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_refuses_{act} BEFORE {ACT} ON {table}
FOR EACH ROW EXECUTE FUNCTION aliquot_refuse()
"""
_POSTGRESQL_TRUNCATE = """
CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION aliquot_refuse()
"""


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_POSTGRESQL_FUNCTION.format(said=SAID))
    forbid_on(TABLES, schema_editor)


def allow(apps, schema_editor):
    allow_on(TABLES, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION aliquot_refuse()")


def forbid_on(tables, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in tables:
        for act in ACTS:
            trigger = _POSTGRESQL if postgresql else _SQLITE
            schema_editor.execute(trigger.format(table=table, act=act.lower(), ACT=act, said=SAID))
        if postgresql:
            schema_editor.execute(_POSTGRESQL_TRUNCATE.format(table=table))


def allow_on(tables, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in tables:
        for act in (*ACTS, "TRUNCATE") if postgresql else ACTS:
            on = f" ON {table}" if postgresql else ""
            schema_editor.execute(f"DROP TRIGGER {table}_refuses_{act.lower()}{on}")


def make_head(apps, schema_editor):
    apps.get_model("aliquot", "Head").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0002_samples_and_ledger")]
    operations = [
        migrations.RunPython(make_head, migrations.RunPython.noop),
        migrations.RunPython(forbid, allow),
    ]
