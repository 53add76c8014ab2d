"""Reviews with a date, reminders, a discussion of each request, the terms of hearings; a draft that counts its versions.

Dates, reminders and messages are append-only. The text of a message is not: it may name people, who may ask to be forgotten.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ledger = import_module("aliquot.site.migrations.0003_ledger_is_append_only")

TABLES = ("aliquot_reviewdate", "aliquot_reviewreminder", "aliquot_discussionmessage")


def forbid(apps, schema_editor):
    ledger.forbid_on(TABLES, schema_editor)


def allow(apps, schema_editor):
    ledger.allow_on(TABLES, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0011_requests_written")]
    operations = [
        migrations.AddField(
            model_name='review',
            name='version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='review',
            name='window',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.CreateModel(
            name='DiscussionMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('order', models.PositiveIntegerField()),
                ('part', models.CharField(max_length=10)),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='discussion', to='aliquot.request')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('request', 'order'), name='messages_on_a_request_are_numbered'),
                    models.CheckConstraint(condition=models.Q(('part__in', ('reviewer', 'chair', 'panel', 'curator'))), name='a_message_is_said_in_a_part'),
                ],
                'ordering': ('order',),
            },
        ),
        migrations.CreateModel(
            name='DiscussionText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('salt', models.CharField(max_length=32)),
                ('text', models.TextField(blank=True)),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='said', to='aliquot.discussionmessage')),
            ],
        ),
        migrations.CreateModel(
            name='HearingPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('terms', models.JSONField()),
                ('zones', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('call', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='hearing_plan', to='aliquot.call')),
            ],
        ),
        migrations.CreateModel(
            name='ReviewDate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_dates', to='aliquot.call')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='ReviewReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='aliquot.review')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.RunPython(forbid, allow),
    ]
