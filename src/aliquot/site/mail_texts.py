"""What stands in an e-mail that carries notices: words in its reader's language, and headers by which programs know it.

Its Message-ID is that of the mailing, the same however often it is tried. Where a kind in it is not obligatory it has the headers
of RFC 2369 and RFC 8058, by which one click ends that kind.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from aliquot import notices
from aliquot.notices import How
from aliquot.site import instance, notice_words
from aliquot.site.models import Mailing, Person
from aliquot.site.queries import notices as reads

_SALT: Final = "aliquot.unsubscribe"


def message(mailing: Mailing, person: Person) -> EmailMessage:
    """Return the e-mail of a mailing as it reads now."""
    wants = reads.correspondence(person)
    rows = list(mailing.notices.order_by("made_at", "pk"))
    with translation.override(wants.language):
        shown = notice_words.shown(rows, zone=wants.zone)
        away = _way_out(person, {row.kind for row in rows})
        context = {
            "name": person.name,
            "notices": shown,
            "digest": mailing.digest,
            "site": settings.SITE_URL,
            "facility": instance.describe(settings.HOME).facility,
            "preferences": reverse("account-notices"),
            "unsubscribe": away,
        }
        body = render_to_string("mail/notices.txt", context)
        return EmailMessage(
            _subject(shown), body, to=[person.email], headers=_headers(mailing, wants.language, away)
        )


def _subject(shown: list[notice_words.Shown]) -> str:
    if len(shown) == 1:
        return shown[0].subject
    return ngettext("{n} notice", "{n} notices", len(shown)).format(n=len(shown))


def _headers(mailing: Mailing, language: str, away: str) -> dict[str, str]:
    headers = {
        "Message-ID": f"<{mailing.key}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: nobody who is away answers it
        "Content-Language": "zh-Hans" if language == "zh-hans" else language,
    }
    if away:
        headers["List-Unsubscribe"] = f"<{settings.SITE_URL}{away}>"
        if settings.SITE_URL.startswith("https:"):  # RFC 8058, 3.1: one click wants TLS
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _way_out(person: Person, kinds: set[str]) -> str:
    """Return the address that ends these kinds as far as they can be ended; nothing where none can be."""
    free = [
        key
        for key in sorted(kinds)
        if key in notices.KINDS and How.NEVER in notices.choices(notices.KINDS[key])
    ]
    return reverse("unsubscribe", args=[token(person, free)]) if free else ""


def token(person: Person, kinds: list[str]) -> str:
    """Return what lets whoever has the letter end these kinds for its reader, signed, without signing in."""
    return signing.dumps([person.pk, kinds], salt=_SALT)


def read_token(said: str) -> tuple[Person, tuple[str, ...]] | None:
    """Return whose it is and which kinds it ends; None for anything that was not signed here, or whose person is gone."""
    try:
        number, kinds = signing.loads(said, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    person = Person.objects.filter(pk=number, is_active=True).first()
    known = tuple(kind for kind in kinds if kind in notices.KINDS)
    return (person, known) if person else None
