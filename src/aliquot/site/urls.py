"""The site map: every page, file and form, and who answers there.

`plain` has one address in every language; `pages` has one in each (English at /..., others at /zh-hans/...).
"""

from __future__ import annotations

from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from aliquot.site.web import errors, health, people

plain = [
    path("health", health.health, name="health"),
]

pages = [
    # Signing in, and one's own account.
    path("account/", people.account, name="account"),
    path("sign-in/<token>/", people.sign_in_link, name="sign-in-link"),
    path("accounts/", include(account_urls)),
    path("accounts/2fa/", include(mfa_urls)),
    # The tables behind the pages, for those who keep the site running.
    path("tables/", admin.site.urls),
]

if settings.ENVIRONMENT.openid:
    pages.append(path("accounts/elsewhere/", include("allauth.socialaccount.urls")))
    plain.append(path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")))

urlpatterns = [*plain, *i18n_patterns(*pages, prefix_default_language=False)]

handler400 = errors.unreadable
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.broken
