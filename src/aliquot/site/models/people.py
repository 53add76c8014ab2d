"""Who works here: people, the roles that they hold, and the links by which they first come in.

A person's row may be emptied when they ask to be forgotten; their `key` stays, because the ledger names it.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is here for; who may do what on the strength of it stands in `permissions.py`."""

    CURATOR = "curator", _("Curator")
    REQUESTER = "requester", _("Requester")
    REVIEWER = "reviewer", _("Reviewer")
    CHAIR = "chair", _("Panel chair")
    COMPLIANCE = "compliance", _("Compliance officer")
    DIRECTOR = "director", _("Director")
    AUDITOR = "auditor", _("Auditor")


class PersonManager(BaseUserManager["Person"]):
    """Makes people; Django's own commands call it too."""

    def create_user(self, email: str, password: str | None = None, *, name: str, **fields: str) -> Person:
        """Return a new person; without a password they come in by a link or a passkey."""
        person = self.model(email=email.lower(), name=name, **fields)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, email: str | None) -> Person:
        return self.get(email=(email or "").lower())


class Person(AbstractBaseUser):
    """Somebody with a reason to sign in."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200, help_text=_("As the person writes it."))
    other_name = models.CharField(_("name in another script"), max_length=200, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="no_two_people_share_an_email"),
            models.CheckConstraint(condition=~Q(name=""), name="person_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What the ledger calls this person; row numbers are never given twice."""
        return f"person:{self.pk}"


class RoleGrant(models.Model):
    """A role that somebody was given, by whom and when; it is ended, never deleted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField(_("granted"))
    granted_by = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: whoever set up the site."),
    )
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("role held")
        verbose_name_plural = _("roles held")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=Q(ended_at=None),
                name="a_person_holds_a_role_once",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="a_role_is_one_that_we_know"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("granted_at")),
                name="a_role_does_not_end_before_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"


class SignInLink(models.Model):
    """A link that signs one person in, once. Only a hash of its token is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="a_link_expires_after_it_is_made"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(used_at__lt=F("expires_at")),
                name="a_link_is_not_used_after_it_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.made_at:%Y-%m-%d %H:%M}"
