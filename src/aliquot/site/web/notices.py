"""One's own notices, how one wants them by e-mail, the way out of e-mails, and e-mails that did not arrive."""

from __future__ import annotations

from functools import cache
from typing import Final
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from aliquot import notices, register
from aliquot.notices import KINDS
from aliquot.site import mail_texts, names, notice_words, permissions, words
from aliquot.site.operations import mailings
from aliquot.site.operations import notices as operations
from aliquot.site.permissions import Act
from aliquot.site.queries import notices as reads
from aliquot.site.web import acting
from aliquot.site.web import forms as shared

NUMBER_MOST: Final = 18
GROUPS: Final[dict[str, Promise]] = {
    key: said for key, said in notice_words.ABOUT.items() if key in notices.ABOUT
}


# --- The list ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notices_list(request: HttpRequest) -> HttpResponse:
    """Show one's own notices, newest first; mark one or all as read."""
    if request.method == "POST":
        return _marked(request)
    about = request.GET.get("about", "")
    about = about if about in GROUPS else ""
    unread = request.GET.get("unread") == "1"
    page = reads.page(request.user, about=about, unread=unread, number=shared.page_of(request))
    context = {
        "notices": notice_words.shown(page.rows, zone=reads.correspondence(request.user).zone),
        "page": page,
        "filters": _filters(request, about, unread=unread),
        "filtered": bool(about or unread),
        "crumbs": [{"label": _("Your account"), "href": reverse("account")}, {"label": _("Notices")}],
        **shared.paged(request, page),
    }
    return render(request, "notices/list.html", context)


def _filters(request: HttpRequest, about: str, *, unread: bool) -> list[dict[str, object]]:
    """Return the links that narrow the list: unread ones, and each group."""

    def link(label: str | Promise, *, chosen: bool, **changed: str | None) -> dict[str, object]:
        return {"label": label, "chosen": chosen, "href": shared.href_of(request, page=None, **changed)}

    return [
        link(_("All"), chosen=not about and not unread, about=None, unread=None),
        link(_("Unread"), chosen=unread, unread=None if unread else "1"),
        *(
            link(said, chosen=about == key, about=None if about == key else key)
            for key, said in GROUPS.items()
        ),
    ]


def _marked(request: HttpRequest) -> HttpResponse:
    said = request.POST.get("read", "")
    if said == "all":
        operations.mark_read(request.user, None, at=timezone.now())
    elif _is_number(said):
        operations.mark_read(request.user, [int(said)], at=timezone.now())
    return redirect(request.get_full_path())


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) <= NUMBER_MOST


# --- What one wants ------------------------------------------------------------------------------------------


@cache
def _zones() -> list[str]:
    return sorted(available_timezones())


class WantedForm(forms.Form):
    """In which language, by which clock, which kinds how, and which calls one hears of."""

    language = forms.ChoiceField(label=gettext_lazy("Language of e-mails"))
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Digests go out at 7 in the morning there, the weekly one on Mondays."),
    )
    watched = forms.MultipleChoiceField(
        label=gettext_lazy("New calls that you want to hear of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: object, watched: frozenset[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES
        self.fields["zone"].choices = [(zone, zone) for zone in _zones()]
        self.fields["watched"].choices = _to_watch(watched)
        for kind in KINDS.values():
            self.fields[kind.key] = forms.ChoiceField(
                label=_(kind.told),
                choices=[(one.value, notice_words.HOWS[one]) for one in notices.choices(kind)],
            )

    def groups(self) -> list[dict[str, object]]:
        """Return the kinds by what they are about, each as a bound field."""
        return [
            {
                "key": about,
                "label": said,
                "fields": [self[kind.key] for kind in KINDS.values() if kind.about == about],
            }
            for about, said in GROUPS.items()
        ]


def _to_watch(watched: frozenset[str]) -> list[tuple[str, str | Promise]]:
    """Return what can be watched: all calls, a mission, a material; and single calls that one watches already."""
    language = get_language()
    missions = [f"mission:{key}" for key in register.load().missions]
    materials = [f"material:{key}" for key in words.MATERIALS]
    others = sorted(watched - {"calls", *missions, *materials})
    known = reads.named([{"what": one} for one in others])
    return [
        ("calls", _("All calls")),
        *((one, names.mission(one.removeprefix("mission:"), language)) for one in missions),
        *((one, words.MATERIALS[one.removeprefix("material:")]) for one in materials),
        *((one, known.get(one) or one) for one in others),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def wanted(request: HttpRequest) -> HttpResponse:
    """Show and keep how one wants to be told of things."""
    watched = reads.watched(request.user)
    form, faults = WantedForm(request.POST or None, watched=watched, initial=_initial(request, watched)), []
    if request.method == "POST" and form.is_valid():
        done = acting.once(request, lambda: _keep(request, form))
        if isinstance(done, dict):
            messages.success(request, _("This is kept."))
            return redirect("account-notices")
        faults = shared.beside(form, done)
    context = {
        "form": form,
        "groups": form.groups(),
        "faults": faults,
        "crumbs": [
            {"label": _("Your account"), "href": reverse("account")},
            {"label": _("Notices by e-mail")},
        ],
    }
    return render(request, "notices/wanted.html", context, status=422 if faults or form.errors else 200)


def _initial(request: HttpRequest, watched: frozenset[str]) -> dict[str, object]:
    wants, chosen = reads.correspondence(request.user), reads.choices(request.user)
    kinds = {key: notices.how(kind, chosen.get(key)).value for key, kind in KINDS.items()}
    return {"language": wants.language, "zone": wants.zone, "watched": sorted(watched), **kinds}


def _keep(request: HttpRequest, form: WantedForm) -> dict[str, object]:
    told = form.cleaned_data
    chosen = {key: told[key] for key in KINDS}
    operations.choose(request.user, chosen, language=told["language"], zone=told["zone"])
    operations.watch(request.user, told["watched"])
    return {"kept": True}


# --- The way out of e-mails ----------------------------------------------------------------------------------


@csrf_exempt  # RFC 8058: the reader's mail program posts without a cookie; the signed address is what lets it
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Say which e-mails this address ends, and end them when asked: programs that look ahead follow links too."""
    found = mail_texts.read_token(token)
    if found is None:
        return render(request, "notices/unsubscribe_void.html", status=404)
    person, kinds = found
    if request.method == "POST":
        operations.unsubscribe(person, kinds)
    context = {"kinds": [_(KINDS[kind].told) for kind in kinds], "done": request.method == "POST"}
    return render(request, "notices/unsubscribe.html", context)


# --- E-mails that did not arrive -----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_MAILINGS)
def mailings_list(request: HttpRequest) -> HttpResponse:
    """Show e-mails that failed or of which nobody knows; send one again, or leave it."""
    if request.method == "POST":
        again, leave = request.POST.get("again", ""), request.POST.get("leave", "")
        if _is_number(again):
            mailings.send_again(int(again), at=timezone.now())
        elif _is_number(leave):
            mailings.leave(int(leave))
        return redirect("mailings")
    context = {
        "not_arrived": [_mailing(row) for row in reads.not_arrived()[: reads.PAGE]],
        "waiting": [_mailing(row) for row in reads.waiting()[: reads.PAGE]],
        "crumbs": [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("E-mails")}],
    }
    return render(request, "notices/mailings.html", context)


def _mailing(row: object) -> dict[str, object]:
    kinds = [KINDS[one.kind].told for one in row.notices.all() if one.kind in KINDS]
    return {
        "row": row,
        "kinds": [_(told) for told in dict.fromkeys(kinds)],
        "unsure": row.state == row.State.UNSURE,
    }
