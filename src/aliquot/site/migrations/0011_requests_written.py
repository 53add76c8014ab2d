"""Baskets, files on requests, and which of them a receipt names; open calls are found without looking at all.

What a receipt names is append-only, as the receipt is. Baskets come and go; the files of a request may have to be forgotten.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ledger = import_module("aliquot.site.migrations.0003_ledger_is_append_only")

TABLES = ("aliquot_receiptfile",)


def forbid(apps, schema_editor):
    ledger.forbid_on(TABLES, schema_editor)


def allow(apps, schema_editor):
    ledger.allow_on(TABLES, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0009_access_is_append_only")]
    operations = [
        migrations.CreateModel(
            name="BasketItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="aliquot.call"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="basket",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="aliquot.sample"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "call", "sample"), name="a_sample_lies_in_a_basket_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=24, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="aliquot.storedfile"
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="aliquot.request",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.AddConstraint(
            model_name="requestfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("request", "file"),
                name="a_file_is_on_a_request_once",
            ),
        ),
        migrations.CreateModel(
            name="ReceiptFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="aliquot.receipt",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="aliquot.requestfile",
                    ),
                ),
            ],
            options={
                "ordering": ("file_id",),
            },
        ),
        migrations.AddConstraint(
            model_name="receiptfile",
            constraint=models.UniqueConstraint(
                fields=("receipt", "file"), name="a_receipt_names_a_file_once"
            ),
        ),
        migrations.RunPython(forbid, allow),
        migrations.AddIndex(
            model_name="call", index=models.Index(fields=["state", "closes"], name="calls_by_state")
        ),
    ]
