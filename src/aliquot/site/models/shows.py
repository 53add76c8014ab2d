"""Shows, and sets for schools: venue, security, visits, the log of each day, bookings."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from aliquot import shows


class Show(models.Model):
    """A show as it stands now; the samples are those of its loan."""

    key = models.CharField(max_length=24, unique=True)
    number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, default=shows.CYCLE.start)
    loan = models.OneToOneField("Loan", on_delete=models.PROTECT, related_name="show", null=True)
    title_en = models.CharField(max_length=300, blank=True)
    title_zh = models.CharField(max_length=300, blank=True)
    venue = models.CharField(max_length=300)
    city = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2, blank=True)
    first = models.DateField()
    last = models.DateField()
    security_plan = models.TextField(blank=True)
    insurance = models.TextField(blank=True)
    visitors_expected = models.PositiveIntegerField(null=True)
    visited_on = models.DateField(null=True)
    # What was found on the visit, or why it was waived and by whom.
    visit = models.TextField(blank=True)
    visit_waived = models.BooleanField(default=False)
    by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-first", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=shows.CYCLE.states), name="a_show_is_in_a_state_of_the_table"
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_show_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return self.number


class ShowStep(models.Model):
    """One act on a show."""

    show = models.ForeignKey(Show, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveIntegerField()
    act = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("show", "order"), name="steps_of_a_show_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.show_id}: {self.act}"


class ShowDay(models.Model):
    """A day of the log: put out, taken in, who, how many came, how many pieces were counted; written once, closed once."""

    show = models.ForeignKey(Show, on_delete=models.PROTECT, related_name="days")
    on = models.DateField()
    opened = models.DateTimeField()
    packed = models.DateTimeField(null=True)
    who = models.CharField(max_length=300)
    visitors = models.PositiveIntegerField(null=True)
    counted = models.PositiveIntegerField()
    counted_back = models.PositiveIntegerField(null=True)
    note = models.TextField(blank=True)
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ("on",)
        constraints = (models.UniqueConstraint(fields=("show", "on"), name="a_day_of_a_show_is_logged_once"),)

    def __str__(self) -> str:
        return f"{self.show_id}: {self.on}"


class TeachingSet(models.Model):
    """Samples that go to schools together, again and again, for at most so many days."""

    key = models.CharField(max_length=24, unique=True)
    number = models.CharField(max_length=20, unique=True)
    name_en = models.CharField(max_length=300)
    name_zh = models.CharField(max_length=300, blank=True)
    days_most = models.PositiveIntegerField(default=0)
    samples = models.ManyToManyField("Sample", related_name="teaching_sets")
    by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number


class SetBooking(models.Model):
    """A set goes to a school from one day to another; once agreed on, under a loan of its own."""

    teaching_set = models.ForeignKey(TeachingSet, on_delete=models.PROTECT, related_name="bookings")
    loan = models.OneToOneField("Loan", on_delete=models.PROTECT, related_name="booking", null=True)
    school = models.CharField(max_length=300)
    contact = models.CharField(max_length=300)
    first = models.DateField()
    last = models.DateField()
    cancelled_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("first",)
        constraints = (
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_booking_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return f"{self.teaching_set_id}: {self.first}"
