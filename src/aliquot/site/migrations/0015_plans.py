"""Plans of allocation: frozen inputs, what was asked of the solver, runs, results, and what the panel did. All append-only."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ledger = import_module("aliquot.site.migrations.0003_ledger_is_append_only")

TABLES = (
    "aliquot_planinput",
    "aliquot_plan",
    "aliquot_planrun",
    "aliquot_planresult",
    "aliquot_planstep",
)


def forbid(apps, schema_editor):
    ledger.forbid_on(TABLES, schema_editor)


def allow(apps, schema_editor):
    ledger.allow_on(TABLES, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0014_notices")]
    operations = [
        migrations.CreateModel(
            name='PlanInput',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('told', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_inputs', to='aliquot.call')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('call', 'sha256'), name='what_is_frozen_twice_is_kept_once'),
                ],
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('order', models.PositiveIntegerField()),
                ('pins', models.JSONField()),
                ('seconds', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.plan')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='aliquot.call')),
                ('input', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='aliquot.planinput')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('call', 'order'), name='plans_of_a_call_are_numbered'),
                ],
                'ordering': ('-order',),
            },
        ),
        migrations.CreateModel(
            name='PlanResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(max_length=20)),
                ('granted', models.PositiveIntegerField(default=0)),
                ('merit', models.BigIntegerField(default=0)),
                ('handling', models.BigIntegerField(default=0)),
                ('used_up_ug', models.BigIntegerField(default=0)),
                ('told', models.JSONField()),
                ('at', models.DateTimeField()),
                ('plan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='result', to='aliquot.plan')),
            ],
        ),
        migrations.CreateModel(
            name='PlanRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='aliquot.plan')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='PlanStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=10)),
                ('told', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='aliquot.plan')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('act', 'adopt')), fields=('plan',), name='a_plan_is_adopted_once'),
                    models.CheckConstraint(condition=models.Q(('act__in', ('propose', 'adopt'))), name='a_plan_is_proposed_or_adopted'),
                ],
                'ordering': ('pk',),
            },
        ),
        migrations.RunPython(forbid, allow),
    ]
