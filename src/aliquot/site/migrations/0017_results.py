"""Analyses and what they measured, publications, raw files, derived ages; tables of results on their way in. Append-only."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ledger = import_module("aliquot.site.migrations.0003_ledger_is_append_only")

TABLES = (
    "aliquot_publication",
    "aliquot_analysis",
    "aliquot_measurement",
    "aliquot_rawfile",
    "aliquot_derivedage",
    "aliquot_agerow",
    "aliquot_agepublished",
)


def forbid(apps, schema_editor):
    ledger.forbid_on(TABLES, schema_editor)


def allow(apps, schema_editor):
    ledger.allow_on(TABLES, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0016_loans")]

    operations = [
        migrations.CreateModel(
            name='Analysis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('origin', models.CharField(max_length=12)),
                ('number', models.CharField(blank=True, db_index=True, max_length=100)),
                ('label', models.CharField(blank=True, max_length=100)),
                ('material', models.CharField(blank=True, max_length=100)),
                ('method', models.CharField(max_length=40)),
                ('instrument', models.CharField(blank=True, max_length=200)),
                ('laboratory', models.CharField(blank=True, max_length=200)),
                ('standards', models.CharField(blank=True, max_length=500)),
                ('measured_on', models.DateField(null=True)),
                ('analyst', models.CharField(blank=True, max_length=60)),
                ('consumed_ng', models.BigIntegerField(default=0)),
                ('note', models.TextField(blank=True)),
                ('sure', models.CharField(blank=True, max_length=500)),
                ('told', models.JSONField(default=dict)),
                ('publication', models.CharField(blank=True, db_index=True, max_length=24)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.entry')),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.holder')),
                ('sample', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='analyses', to='aliquot.sample')),
                ('supersedes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='aliquot.analysis')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('consumed_ng__gte', 0)), name='an_analysis_uses_up_nothing_or_more'),
                    models.CheckConstraint(condition=models.Q(models.Q(('origin', 'facility'), _negated=True), models.Q(('holder__isnull', False), ('measured_on__isnull', False), ('sample__isnull', False)), _connector='OR'), name='our_own_analysis_has_split_laboratory_and_day'),
                ],
                'verbose_name_plural': 'analyses',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='DerivedAge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('task', models.CharField(max_length=20)),
                ('clock', models.CharField(blank=True, max_length=20)),
                ('request', models.TextField()),
                ('answer', models.TextField()),
                ('request_sha256', models.CharField(max_length=64)),
                ('answer_sha256', models.CharField(max_length=64)),
                ('version', models.CharField(max_length=40)),
                ('sets', models.CharField(max_length=300)),
                ('age_ma', models.FloatField(null=True)),
                ('half_ma', models.FloatField(null=True)),
                ('meaning', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('beside', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='variants', to='aliquot.derivedage')),
            ],
            options={
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='AgeRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveSmallIntegerField()),
                ('omitted', models.CharField(blank=True, max_length=500)),
                ('analysis', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='age_rows', to='aliquot.analysis')),
                ('age', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='aliquot.derivedage')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('age', 'row'), name='an_age_has_rows_in_order'),
                ],
                'ordering': ('row',),
            },
        ),
        migrations.CreateModel(
            name='AgePublished',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('age', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='published', to='aliquot.derivedage')),
            ],
        ),
        migrations.CreateModel(
            name='Measurement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('analyte', models.CharField(db_index=True, max_length=40)),
                ('unit', models.CharField(blank=True, max_length=10)),
                ('text', models.CharField(max_length=60)),
                ('value', models.FloatField(null=True)),
                ('sd', models.FloatField(null=True)),
                ('uncertainty', models.CharField(blank=True, max_length=60)),
                ('level', models.CharField(blank=True, max_length=4)),
                ('kind', models.CharField(blank=True, max_length=10)),
                ('detection_limit', models.CharField(blank=True, max_length=60)),
                ('analysis', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to='aliquot.analysis')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('analysis', 'analyte'), name='a_value_is_measured_once_an_analysis'),
                ],
                'ordering': ('order',),
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24)),
                ('version', models.PositiveIntegerField(default=1)),
                ('citation', models.CharField(max_length=500)),
                ('doi', models.CharField(blank=True, max_length=220)),
                ('year', models.PositiveSmallIntegerField(null=True)),
                ('accepted_on', models.DateField(null=True)),
                ('embargo_until', models.DateField(null=True)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ('key', 'version'),
                'constraints': [models.UniqueConstraint(fields=('key', 'version'), name='a_publication_has_versions_in_order')],
            },
        ),
        migrations.CreateModel(
            name='RawFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('analysis', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='raw_files', to='aliquot.analysis')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.storedfile')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('analysis', 'file'), name='a_raw_file_is_kept_once_an_analysis'),
                ],
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='ResultsDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('at', models.DateTimeField()),
                ('name', models.CharField(max_length=200)),
                ('common', models.JSONField(default=dict)),
                ('mended', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=0)),
                ('taken_at', models.DateTimeField(null=True)),
                ('dropped_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.storedfile')),
            ],
            options={
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.RunPython(forbid, allow),
    ]
