"""The site map: every page, file and form, and who answers there.

`plain` has one address in every language; `pages` has one in each (English at /..., others at /zh-hans/...).
"""

from __future__ import annotations

from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path

from aliquot.site.admin import tables
from aliquot.site.web import (
    airing,
    asking,
    attachments,
    audits,
    bench,
    call_drafting,
    call_feed,
    call_files,
    call_keeping,
    calls,
    catalogue,
    comparing,
    desk,
    equipment,
    errors,
    facility,
    families,
    files,
    health,
    hearings,
    histories,
    imports,
    incidents,
    labels,
    law,
    ledger,
    notices,
    overview,
    people,
    places,
    proposals,
    reconciliations,
    register,
    reviews,
    reviews_assign,
    reviews_call,
    reviews_discussion,
    reviews_one,
    reviews_profile,
    reviews_request,
    samples,
    scanning,
    screenings,
    tokens,
)

plain = [
    path("health", health.health, name="health"),
    # The ledger's files: what a verifier needs.
    path("ledger/book.txt", ledger.book_file, name="book"),
    path("ledger/checkpoint", ledger.checkpoint_file, name="checkpoint"),
    path("ledger/vkey", ledger.vkey_file, name="vkey"),
    path("ledger/<int:number>/proof", ledger.proof_file, name="proof"),
    path("files/<sha256>/thumbnails/<int:width_px>.webp", files.thumbnail, name="thumbnail"),
    path("files/<sha256>/<name>", files.original, name="file"),
    path("labels.pdf", labels.labels_file, name="labels-file"),
    path("api/v1/", include("aliquot.site.api.urls")),
]

pages = [
    # The public record.
    path("", register.home, name="home"),
    path("transfers/", register.transfers, name="transfers"),
    path("transfers/<key>/", register.transfer, name="transfer"),
    path("missions/<key>/", register.mission, name="mission"),
    path("sources/", register.sources, name="sources"),
    path("sources/<key>/", register.source, name="source"),
    path("contradictions/", register.contradictions, name="contradictions"),
    path("about/", register.about, name="about"),
    # The collection and its ledger.
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("samples/<path:number>/", samples.sample, name="sample"),
    path("families/<path:number>/", families.family, name="family"),
    path("compare/", comparing.compare, name="compare"),
    path("remarks/<path:number>/", histories.remark, name="remark"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/verify/", ledger.verify_guide, name="verify-guide"),
    path("ledger/<int:number>/", ledger.entry, name="entry"),
    path("photographs/", attachments.photographs, name="photographs"),
    path("photographs/<key>/", attachments.attachment, name="photograph"),
    path("documents/<key>/", attachments.attachment, name="document"),
    path("facility/", facility.facility, name="facility"),
    # Calls for requests: what is offered, until when, and what became of it.
    path("calls/", calls.calls_list, name="calls"),
    path("calls/feed.atom", call_feed.feed, name="calls-feed"),
    path("calls/new/", call_drafting.new, name="call-new"),
    path("calls/<slug:key>/", calls.call, name="call"),
    path("calls/<slug:key>/edit/", call_drafting.edit, name="call-edit"),
    path("calls/<slug:key>/keeping/", call_keeping.keeping, name="call-keeping"),
    path("calls/<slug:key>/dates.ics", call_files.calendar, name="call-calendar"),
    path("calls/<slug:key>/notice.pdf", call_files.paper, name="call-paper"),
    re_path(r"^calls/(?P<key>[-\w]+)/offers\.(?P<form>csv|json)$", call_files.offers, name="call-offers"),
    path("calls/<slug:key>/policy.toml", call_files.policy, name="call-policy"),
    path("calls/<slug:key>/text/<slug:sha256>.json", call_files.text, name="call-text"),
    path("rounds/<slug:key>/", calls.past_round, name="round"),
    # The law on file, and what it says of a request.
    path("law/", law.library, name="law"),
    path("law/ask/", asking.ask, name="law-ask"),
    path("law/answer/", asking.answer, name="law-answer"),
    path("law/answer/conditions.ics", asking.calendar, name="law-calendar"),
    path("law/answer/answer.pdf", asking.paper, name="law-paper"),
    path("law/<slug:place>/<slug:name>/", law.instrument, name="law-instrument"),
    # Reviews and hearings: for reviewers, chair and panel, and each applicant's own hearing.
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<slug:key>/", reviews_one.review, name="review"),
    path("reviews/<slug:key>/summary/", reviews_request.review_summary, name="review-summary"),
    path("reviews/<slug:key>/discussion/", reviews_discussion.discussion, name="discussion"),
    path("calls/<slug:key>/reviewers/", reviews_assign.assignment, name="assignment"),
    path("calls/<slug:key>/hearings/", hearings.call_hearings, name="call-hearings"),
    path("calls/<slug:key>/hearings.ics", hearings.call_hearings_calendar, name="call-hearings-calendar"),
    path("hearings/<slug:key>.ics", hearings.hearing_calendar, name="hearing-calendar"),
    path("hearings/<slug:key>/", hearings.hearing, name="hearing"),
    # Work in the facility.
    path("desk/", desk.desk, name="desk"),
    path("overview/", overview.overview, name="overview"),
    path("bench/", bench.bench, name="bench"),
    path("bench/<slug:kind>/", bench.act, name="act"),
    path("bench/<slug:kind>/closing/", bench.closing, name="closing"),
    path("handlings/<int:number>/", bench.one_handling, name="handling"),
    path("imports/", imports.imports_list, name="imports"),
    path("imports/<int:number>/", imports.one_import, name="import"),
    path("audits/", audits.audits_list, name="audits"),
    path("audits/<slug:key>/", audits.audit, name="audit"),
    path("audits/<slug:key>/report.pdf", audits.report, name="audit-report"),
    path("incidents/", incidents.incidents_list, name="incidents"),
    path("incidents/<slug:key>/", incidents.incident, name="incident"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:number>/", proposals.proposal, name="proposal"),
    path("attach/<on>/<path:which>/", attachments.attach, name="attach"),
    path("places/", places.places_list, name="places"),
    path("places/<code>/", places.place_page, name="place"),
    path("readings/", airing.readings, name="readings"),
    path("tools/", equipment.tools, name="tools"),
    path("tools/<key>/", equipment.tool, name="tool"),
    path("instruments/", equipment.instruments, name="instruments"),
    path("instruments/<key>/", equipment.instrument, name="instrument"),
    path("labels/", labels.labels, name="labels"),
    path("scan/", scanning.scan, name="scan"),
    path("screenings/", screenings.screenings_list, name="screenings"),
    path("screenings/<int:number>/", screenings.screening, name="screening"),
    path("certificates/", screenings.certificates, name="certificates"),
    path("reconciliations/", reconciliations.reconciliations_list, name="reconciliations"),
    path("reconciliations/<key>/", reconciliations.reconciliation_page, name="reconciliation"),
    # Signing in, and one's own account.
    path("account/", people.account, name="account"),
    path("account/reviewing/", reviews_profile.profile, name="reviewing"),
    path("account/tokens/", tokens.tokens, name="account-tokens"),
    path("account/notices/", notices.wanted, name="account-notices"),
    path("notices/", notices.notices_list, name="notices"),
    path("unsubscribe/<token>/", notices.unsubscribe, name="unsubscribe"),
    path("mailings/", notices.mailings_list, name="mailings"),
    path("sign-in/<token>/", people.sign_in_link, name="sign-in-link"),
    path("accounts/", include(account_urls)),
    path("accounts/2fa/", include(mfa_urls)),
    # The tables behind the pages, for those who keep the site running.
    path("tables/", tables.urls),
]

if settings.ENVIRONMENT.openid:
    pages.append(path("accounts/elsewhere/", include("allauth.socialaccount.urls")))
    plain.append(path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")))

urlpatterns = [*plain, *i18n_patterns(*pages, prefix_default_language=False)]

handler400 = errors.unreadable
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.broken
