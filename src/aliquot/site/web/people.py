"""Coming in, and one's own account."""

from __future__ import annotations

from allauth.account.utils import perform_login
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from aliquot.site import operations, permissions, queries
from aliquot.site.permissions import Act


@require_GET
@login_required
def account(request: HttpRequest) -> HttpResponse:
    person = request.user
    passkeys = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)
    return render(
        request,
        "people/account.html",
        {
            "person": person,
            "grants": queries.people.grants_of(person),
            "passkeys": passkeys.count(),
            "second_factor": is_mfa_enabled(person),
            "may_have_tokens": permissions.may(person, Act.SEE_DESK),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show whom the link signs in, and do so only when asked: programs that look ahead follow links too."""
    now = timezone.now()
    if request.method != "POST":
        person = queries.people.link_owner(token, at=now)
        if person is None:
            return render(request, "people/sign_in_link_void.html", status=410)
        roles = [role.label for role in sorted(queries.people.roles_of(person))]
        return render(request, "people/sign_in_link.html", {"person": person, "roles": roles})
    person = operations.people.use_sign_in_link(token, at=now)
    if person is None:
        return render(request, "people/sign_in_link_void.html", status=410)
    operations.notices.speak(person, get_language())
    # Through allauth, not around it: whoever has a second factor is asked for it here as well.
    return perform_login(request, person)
