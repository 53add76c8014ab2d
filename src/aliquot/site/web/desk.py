"""The desk: from here everybody who works in the facility finds what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from aliquot.site import permissions
from aliquot.site.permissions import Act


@dataclass(frozen=True, slots=True)
class Card:
    """A place to work: its route, what it is called, what it is for, and who may go there."""

    route: str
    title: str | Promise
    purpose: str | Promise
    act: Act


# Each part of the site adds its own.
CARDS: tuple[Card, ...] = (
    Card("today", _("Today"), _("What waits for you, what is late, days to keep."), Act.SEE_DESK),
    Card(
        "bench",
        _("Bench"),
        _("Record what is done to samples: cut, weigh, move, mount, expose."),
        Act.SEE_WORK,
    ),
    Card("claims", _("Claims"), _("Claims of the register that wait for a second person."), Act.JUDGE_CLAIMS),
    Card("proposals", _("Proposals"), _("Acts on sealed samples that wait for approval."), Act.SEE_WORK),
    Card("audits", _("Audits"), _("Count the stock: is everything where the book has it?"), Act.SEE_WORK),
    Card(
        "incidents", _("Incidents"), _("Report what went wrong, and follow it to its end."), Act.SEE_INCIDENTS
    ),
    Card(
        "calls", _("Calls"), _("Draft, publish and keep calls; answer questions on them."), Act.SEE_REQUESTS
    ),
    Card(
        "screenings",
        _("Screenings"),
        _("Which laws bear on what is asked, what is missing, what a change of law touches."),
        Act.SEE_SCREENINGS,
    ),
    Card(
        "certificates",
        _("Certificates and waivers"),
        _("What agencies certified, and which exceptions were granted."),
        Act.SEE_SCREENINGS,
    ),
    Card(
        "law-ask",
        _("What would I need?"),
        _("Ask the law on file, a few questions at a time."),
        Act.SEE_PUBLISHED,
    ),
    Card(
        "reviews",
        _("Reviews"),
        _("What is yours to review and until when; how reviews and hearings of a call stand."),
        Act.REVIEW_REQUESTS,
    ),
    Card(
        "reviewing",
        _("As a reviewer"),
        _("Institutions, co-authors, expertise: what conflicts of interest and proposals follow from."),
        Act.REVIEW_REQUESTS,
    ),
    Card(
        "reviews",
        _("Reviews"),
        _("How the reviews of a call stand, what was found, when who is heard."),
        Act.SEE_REVIEWS,
    ),
    Card(
        "reviews",
        _("Discussions of requests"),
        _("Tell reviewers and panel what they cannot know of the samples."),
        Act.KEEP_CALLS,
    ),
    Card(
        "panels",
        _("Panels"),
        _("The field of each call, decisions on requests, minutes, letters."),
        Act.SEE_DESK,
    ),
    Card(
        "loans",
        _("Loans"),
        _("Agreements, work orders, parcels, what is out with whom until when, what came back."),
        Act.SEE_LOANS,
    ),
    Card(
        "wishes",
        _("What borrowers ask for"),
        _("Renewals, other borrowers, returns that were announced."),
        Act.SEE_LOANS,
    ),
    Card(
        "gifts",
        _("Gifts, exchanges, deposits"),
        _("What changed hands for good, what is still owed, how full the backup store is."),
        Act.SEE_LOANS,
    ),
    Card("shows", _("Shows"), _("Plan and approve shows; keep the log of each day."), Act.SEE_LOANS),
    Card(
        "sets",
        _("Sets for schools"),
        _("Book a set, and lend it to one school after the other."),
        Act.SEE_LOANS,
    ),
    Card("scan", _("Scan"), _("A label, a number or a code leads to its page."), Act.SEE_DESK),
    Card(
        "places",
        _("Places"),
        _("The store as a tree: what lies where, now and on a past day."),
        Act.SEE_EXACT_PLACES,
    ),
    Card("labels", _("Labels"), _("Print labels with codes for samples and places."), Act.SEE_EXACT_PLACES),
    Card("tools", _("Tools"), _("Tools and their cleaning."), Act.SEE_WORK),
    Card(
        "instruments",
        _("Instruments"),
        _("Balances and other instruments, and their calibration."),
        Act.SEE_WORK,
    ),
    Card(
        "readings",
        _("Readings of the air"),
        _("Take in what the sensors of the store wrote down."),
        Act.KEEP_PLACES,
    ),
    Card("catalogue", _("Catalogue"), _("Find a sample and open its file."), Act.SEE_PUBLISHED),
    Card(
        "photographs",
        _("Photographs and documents"),
        _("What was attached, newest first, and what nobody has described yet."),
        Act.SEE_FILES,
    ),
    Card(
        "imports",
        _("Imports"),
        _("Bring in the tables that you have, whole or not at all."),
        Act.IMPORT_TABLES,
    ),
    Card(
        "overview",
        _("Overview"),
        _("What lies in the stores, the reserve, and what is about to run out."),
        Act.SEE_WORK,
    ),
    Card(
        "people",
        _("People"),
        _("Who has an account here; hand out or forget what is known of somebody."),
        Act.FORGET_PEOPLE,
    ),
    Card(
        "mailings",
        _("E-mails"),
        _("E-mails that did not arrive, or perhaps did not."),
        Act.SEE_MAILINGS,
    ),
    Card(
        "results",
        _("Results"),
        _("Record analyses, import tables of results, derive ages from them."),
        Act.SEE_RESULTS,
    ),
    Card(
        "reconciliations",
        _("Reconciliations"),
        _("Hold two catalogues against each other and decide where they disagree."),
        Act.SEE_WORK,
    ),
)


# What belongs together, in the order of a working day. A card that is in no section stands in the last one.
SECTIONS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("Now"), ("today", "proposals", "wishes")),
    (
        _("Collection"),
        ("bench", "catalogue", "scan", "places", "labels", "audits", "incidents", "tools", "instruments",
         "readings", "photographs", "results", "imports", "reconciliations", "overview"),
    ),
    (_("Access"), ("calls", "reviews", "reviewing", "panels", "law-ask", "screenings", "certificates")),
    (_("Lending and giving"), ("loans", "gifts", "shows", "sets")),
    (_("Record and people"), ()),
)  # fmt: skip


@require_safe
@permissions.require(Act.SEE_DESK)
def desk(request: HttpRequest) -> HttpResponse:
    """Show the cards that this person may use, section by section."""
    acts = permissions.acts_of(request.user)
    mine = {card.route: card for card in reversed(CARDS) if card.act in acts}
    sections = [(title, [mine.pop(route) for route in routes if route in mine]) for title, routes in SECTIONS]
    sections[-1][1].extend(reversed(mine.values()))
    shown = [{"title": title, "cards": [_told(card) for card in cards]} for title, cards in sections if cards]
    return render(request, "desk/desk.html", {"sections": shown})


def _told(card: Card) -> dict[str, object]:
    return {"title": card.title, "purpose": card.purpose, "href": reverse(card.route)}
