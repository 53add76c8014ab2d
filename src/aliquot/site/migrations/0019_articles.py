"""Readings of articles that somebody keeps for themselves; they can be forgotten."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0018_register")]

    operations = [
        migrations.CreateModel(
            name="KeptReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("language", models.CharField(max_length=8)),
                ("sentences", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("text", models.TextField(blank=True)),
                ("is_plain", models.BooleanField(default=True)),
                ("results", models.JSONField(default=list)),
                ("kept_at", models.DateTimeField()),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="readings", to=settings.AUTH_USER_MODEL)),
            ],
            options={"ordering": ("-pk",)},
        ),
    ]
