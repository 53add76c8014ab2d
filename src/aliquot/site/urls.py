"""The site map: every page, file and form, and who answers there.

`plain` has one address in every language; `pages` has one in each (English at /..., others at /zh-hans/...).
"""

from __future__ import annotations

from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

plain = []

pages = [
    # Signing in and one's own account.
    path("accounts/", include(account_urls)),
    path("accounts/2fa/", include(mfa_urls)),
]

urlpatterns = [*plain, *i18n_patterns(*pages, prefix_default_language=False)]
