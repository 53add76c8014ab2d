"""Claims of the public register and their steps, which are only ever added; the ledger has a kind of entry for them."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ledger = import_module("aliquot.site.migrations.0003_ledger_is_append_only")

TABLES = ("aliquot_registerstep",)


def forbid(apps, schema_editor):
    ledger.forbid_on(TABLES, schema_editor)


def allow(apps, schema_editor):
    ledger.allow_on(TABLES, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0017_results")]

    operations = [
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(choices=[('receive', 'receive'), ('split', 'split'), ('combine', 'combine'), ('renumber', 'renumber'), ('move', 'move'), ('ship', 'ship'), ('deliver', 'deliver'), ('consume', 'consume'), ('return', 'return'), ('give', 'give'), ('lose', 'lose'), ('find', 'find'), ('adjust', 'adjust'), ('correct', 'correct'), ('record', 'record')], max_length=10),
        ),
        migrations.CreateModel(
            name='RegisterClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('key', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('statement', 'statement'), ('transfer', 'transfer'), ('source', 'source'), ('party', 'party')], max_length=12)),
                ('about', models.CharField(blank=True, max_length=80)),
                ('state', models.CharField(choices=[('claimed', 'claimed'), ('verified', 'verified'), ('refuted', 'refuted'), ('unknown', 'unknown')], max_length=12)),
                ('checked', models.BooleanField(default=False)),
                ('withdrawn', models.BooleanField(default=False)),
                ('steps', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-number',),
            },
        ),
        migrations.CreateModel(
            name='RegisterStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('act', models.CharField(choices=[('propose', 'propose'), ('confirm', 'confirm'), ('verify', 'verify'), ('refute', 'refute'), ('doubt', 'doubt'), ('link', 'link'), ('withdraw', 'withdraw')], max_length=12)),
                ('text', models.TextField()),
                ('hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='history', to='aliquot.registerclaim')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='register_step', to='aliquot.entry')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.AddIndex(
            model_name='registerclaim',
            index=models.Index(fields=['about', '-number'], name='claims_about_a_subject'),
        ),
        migrations.AddIndex(
            model_name='registerclaim',
            index=models.Index(fields=['by', '-number'], name='claims_of_somebody'),
        ),
        migrations.AddIndex(
            model_name='registerclaim',
            index=models.Index(condition=models.Q(('checked', False), ('withdrawn', False)), fields=['-number'], name='claims_to_look_at'),
        ),
        migrations.AddConstraint(
            model_name='registerstep',
            constraint=models.UniqueConstraint(fields=('claim', 'number'), name='a_claim_has_one_step_of_a_number'),
        ),
        migrations.RunPython(forbid, allow),
    ]
