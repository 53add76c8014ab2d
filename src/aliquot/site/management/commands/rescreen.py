"""`aliquot manage rescreen`: screen again what a change of law touches, and what has come to its day. For cron."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils import timezone

from aliquot.site.operations import screening


class Command(BaseCommand):
    help = (
        "Screen again every subject that a change of the law files touches, or whose day of the act has come."
    )

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 - as Django calls it
        done = screening.rescreen(by=None, at=timezone.now())
        for each in done:
            said = each.now.overall if each.now else "left: " + " | ".join(map(str, each.faults))
            self.stdout.write(f"{each.before.subject}\t{each.why}\t{each.before.overall} -> {said}")
        left = sum(each.now is None for each in done)
        self.stdout.write(f"{len(done) - left} screened again, {left} left as they were")
