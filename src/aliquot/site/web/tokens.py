"""One's own tokens: which programs act for one, a new one (shown once), and the end of one."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from aliquot.handling import GROUPS, KINDS
from aliquot.site import permissions, queries
from aliquot.site.operations import programs
from aliquot.site.permissions import Act
from aliquot.site.web import acting

# What a token may be kept to, besides the acts at the bench.
SCOPES: dict[str, Promise] = {
    "read": _("Read what was done"),
    "propose": _("Propose an act on a sealed sample"),
    "approve": _("Approve an act on a sealed sample"),
    "places": _("Keep places, tools and instruments"),
    "files": _("Attach photographs and documents"),
    "audits": _("Count the stock"),
    "incidents": _("Report incidents"),
    "remarks": _("Write remarks on a sample's file"),
    "decisions": _("Record decisions on requests"),
    "calls": _("Draft, publish and keep calls"),
    "results": _("Record analyses and derive ages"),
    "claims": _("Propose claims of the register"),
    "requests": _("Write, submit and withdraw requests"),
    "loans": _("Report on loans and announce returns"),
}
DAYS = (30, 90, 180, 366)


class TokenForm(forms.Form):
    """Which program it is for, how long it lives, and what it is kept to."""

    name = forms.CharField(
        label=_("Which program it is for"), max_length=100, help_text=_("Such as: balance in room 3.")
    )
    days = forms.TypedChoiceField(label=_("How long it lives"), coerce=int)
    scope = forms.MultipleChoiceField(
        label=_("What it may do"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose as little as the program needs; nothing chosen lets it do all that you may do."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [(n, ngettext("%(n)s day", "%(n)s days", n) % {"n": n}) for n in DAYS]
        self.fields["scope"].choices = [
            *((gettext(group.label), [(one.kind, scope(one.kind)) for one in KINDS.values() if one.group == group.word])
              for group in GROUPS),
            (gettext("Besides the bench"), [(word, scope(word)) for word in SCOPES]),
        ]  # fmt: skip


def scope(word: str) -> str:
    """Return a word of a token's scope in the reader's language."""
    return gettext(KINDS[word].label) if word in KINDS else str(SCOPES.get(word, word))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_DESK)
def tokens(request: HttpRequest) -> HttpResponse:
    """Show one's tokens; make one, whose words are shown on this answer and never again."""
    ending = request.POST.get("end", "")
    if ending:
        return _ended(request, ending)
    form, faults, made = TokenForm(request.POST or None), [], ""
    if request.method == "POST" and form.is_valid():
        faults, made = _made(request, form)
    rows = queries.programs.tokens_of(request.user)
    context = {
        "form": TokenForm() if made else form,
        "faults": faults,
        "made": made,
        "tokens": [(row, [scope(word) for word in row.scope.split()]) for row in rows],
        "now": timezone.now(),
        "crumbs": [{"label": _("Your account"), "href": reverse("account")}, {"label": _("Tokens for programs")}],
    }  # fmt: skip
    return render(request, "people/tokens.html", context, status=422 if faults or form.errors else 200)


def _made(request: HttpRequest, form: TokenForm) -> tuple[list[acting.Shown], str]:
    """Make a token once for this form; its words are kept nowhere, so a form that is sent twice shows them once."""
    said = ""

    def act() -> programs.Body:
        nonlocal said
        told = form.cleaned_data
        said = programs.make_token(
            request.user,
            name=told["name"],
            scope=" ".join(told["scope"]),
            at=timezone.now(),
            days=told["days"],
        )
        return {"made": True}

    done = acting.once(request, act)
    return (done, "") if isinstance(done, list) else ([], said)


def _ended(request: HttpRequest, number: str) -> HttpResponse:
    """End one of one's own tokens; of anything else, nothing."""
    if number.isascii() and number.isdigit() and len(number) <= 18:
        row = queries.programs.tokens_of(request.user).filter(pk=int(number)).first()
        if row:
            programs.end_token(row, at=timezone.now())
    return redirect("account-tokens")
