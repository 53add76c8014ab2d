"""`aliquot manage reindex`: make the search index anew from the catalogue, and that of the register from its claims."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from aliquot.site import search
from aliquot.site.operations import register_index


class Command(BaseCommand):
    help = "Make the search index anew from the catalogue, and that of the register from its claims."

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 - as Django calls it
        self.stdout.write(f"Indexed {search.rebuild():,} samples and {register_index.remake():,} claims.")
