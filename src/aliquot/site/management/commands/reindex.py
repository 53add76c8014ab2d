"""`aliquot manage reindex`: make the search index anew from the catalogue."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from aliquot.site import search


class Command(BaseCommand):
    help = "Make the search index anew from the catalogue."

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 - as Django calls it
        self.stdout.write(f"Indexed {search.rebuild():,} samples.")
