"""Calls and what comes of them: requests, reviews, hearings, decisions.

What was done is only ever added: states of a call, receipts, steps, decisions. Texts that name people can be forgotten; the
receipts' hashes stay. Keys are random, so that nobody finds another's request by counting.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from aliquot import calls, decisions, requests, reviews, scores


class Call(models.Model):
    """A call as it stands now; `told` is `calls.as_json`, in a draft as far as it was written."""

    key = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=20, default=calls.CYCLE.start)
    title = models.CharField(max_length=200, blank=True)
    told = models.JSONField()
    # Counts what was written to the draft, so that a second writer is told.
    version = models.PositiveIntegerField(default=1)
    sha256 = models.CharField(max_length=64, blank=True)
    opens = models.DateTimeField(null=True)
    closes = models.DateTimeField(null=True)
    # The pack as it was when the call was published: a later version of the policy changes nothing here.
    policy_text = models.TextField(blank=True)
    made_by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at",)
        # The catalogue asks which calls are open for every page.
        indexes = (models.Index(fields=("state", "closes"), name="calls_by_state"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=calls.CYCLE.states), name="a_call_is_in_a_state_of_the_table"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="cancelled") | Q(published_at__isnull=False),
                name="a_call_runs_after_it_is_published",
            ),
        )

    def __str__(self) -> str:
        return self.title or self.key


class CallStep(models.Model):
    """One act on a call, with what the call said after it where that changed: the notice of an amendment among them."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveIntegerField()
    act = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    told = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("call", "order"), name="steps_of_a_call_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.call_id}: {self.act}"


class CallQuestion(models.Model):
    """A question on a call. With its answer it is shown to everybody, without the name of who asked."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="questions")
    order = models.PositiveIntegerField()
    text = models.TextField()
    asked_by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("call", "order"), name="questions_of_a_call_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.call_id}: {self.order}"


class Request(models.Model):
    """A request as it stands now; its text is that of its newest version, or of the newest receipt once submitted."""

    key = models.CharField(max_length=24, unique=True)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="requests")
    state = models.CharField(max_length=20, default=requests.CYCLE.start)
    lead = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="requests_led")
    title = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)
    # The last attempt to submit that came in time and was told of faults: it has the grace from then.
    tried_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    # How often it was taken up by the panel: an appeal that succeeds, or a deferral, begins another round.
    round = models.PositiveSmallIntegerField(default=1)
    settled_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("made_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=requests.CYCLE.states), name="a_request_is_in_a_state_of_the_table"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn", "lapsed")) | Q(submitted_at__isnull=False),
                name="a_request_is_looked_at_after_it_is_submitted",
            ),
        )

    def __str__(self) -> str:
        return self.title or self.key


class RequestMember(models.Model):
    """Somebody who writes a request with its lead."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("request", "person"), name="somebody_joins_a_request_once"),
        )

    def __str__(self) -> str:
        return f"{self.request_id}: {self.person_id}"


class RequestLeaver(models.Model):
    """Somebody who wrote a request with its lead, and was taken off it; triggers in the database refuse UPDATE and DELETE."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="leavers")
    person = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.request_id}: {self.person_id}"


class RequestVersion(models.Model):
    """A text of a request. One that was written beside another, and clashed with it, stands `aside`; it is kept."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="versions")
    order = models.PositiveIntegerField()
    base = models.PositiveIntegerField()
    aside = models.BooleanField(default=False)
    told = models.JSONField()
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("request", "order"), name="versions_of_a_request_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.request_id}: {self.order}"


class Receipt(models.Model):
    """A version was submitted: when the server got it, to which state of the call, and the hash of all that."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="receipts")
    version = models.OneToOneField(RequestVersion, on_delete=models.PROTECT, related_name="receipt")
    sha256 = models.CharField(max_length=64)
    call_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    in_grace = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.sha256[:12]


class RequestStep(models.Model):
    """One act on a request."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveIntegerField()
    act = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("request", "order"), name="steps_of_a_request_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.request_id}: {self.act}"


class ReviewerProfile(models.Model):
    """What conflicts and assignments follow from: ROR IDs, country, expertise, papers as [year, ORCID iD of co-author]."""

    person = models.OneToOneField("Person", on_delete=models.CASCADE, related_name="reviewer_profile")
    orcid = models.CharField(max_length=19, blank=True)
    institutions = models.JSONField(default=list)
    country = models.CharField(max_length=2, blank=True)
    zone = models.CharField(max_length=60, default="UTC")
    expertise = models.JSONField(default=list)
    papers = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.person_id}"


class Review(models.Model):
    """One reviewer's part in one request. What a release or a recusal ended stays on record and counts no more."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=20, default=scores.CYCLE.start)
    points = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    # Counts what was saved, and in which window of a browser it was last: another window is told, and its text kept.
    version = models.PositiveIntegerField(default=0)
    window = models.CharField(max_length=40, blank=True, default="")
    declared_at = models.DateTimeField(null=True)
    handed_in_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("request", "reviewer"), name="a_request_is_assigned_to_a_reviewer_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=scores.CYCLE.states), name="a_review_is_in_a_state_of_the_table"
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id}: {self.reviewer_id}"


class ReviewStep(models.Model):
    """One act on a review, with the points and reasons that were handed in."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveIntegerField()
    act = models.CharField(max_length=20)
    told = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("review", "order"), name="steps_of_a_review_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.review_id}: {self.act}"


class ConflictDeclared(models.Model):
    """A reviewer said that there is a conflict with a request, or it was found by itself."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="conflicts")
    reviewer = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=30, choices=[(one.value, one.value) for one in reviews.Ground])
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("request", "reviewer"), name="a_conflict_is_declared_once"),
        )

    def __str__(self) -> str:
        return f"{self.request_id}: {self.ground}"


class Hearing(models.Model):
    """When the applicant of a request on the short list is heard; afterwards whether that was so, or why not."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="hearings")
    round = models.PositiveSmallIntegerField()
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    heard = models.BooleanField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("begins",)
        constraints = (
            models.UniqueConstraint(fields=("request", "round"), name="a_request_is_heard_once_a_round"),
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="a_hearing_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return f"{self.begins:%Y-%m-%d %H:%M}"


class PanelMember(models.Model):
    """Somebody on the committee of a call; curators inform and do not vote."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="panel")
    person = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    votes = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("call", "person"), name="somebody_is_on_a_panel_once"),
        )

    def __str__(self) -> str:
        return f"{self.call_id}: {self.person_id}"


class RequestDecision(models.Model):
    """What one level decided on a request, and how it sat where it is a committee."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=12)
    outcome = models.CharField(max_length=10, choices=[(one.value, one.value) for one in decisions.Outcome])
    # Nanograms of each line, in the order of the request.
    granted_ng = models.JSONField(default=list)
    conditions = models.JSONField(default=list)
    reasons = models.TextField()
    # What would have been needed: of a refusal and a deferral.
    needed = models.TextField(blank=True, default="")
    # Who presided, was there, and voted what, by their keys; empty where one person decides.
    sitting = models.JSONField(default=dict)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("round", "order")
        constraints = (
            models.UniqueConstraint(
                fields=("request", "round", "order"), name="decisions_on_a_request_are_numbered"
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="a_decision_has_reasons"),
        )

    def __str__(self) -> str:
        return f"{self.request_id}: {self.level} {self.outcome}"
