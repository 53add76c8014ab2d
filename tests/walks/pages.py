"""Which pages are walked, and how one gets to each. A route of the site map that is in neither list fails a test.

A page whose address depends on the collection is reached as people reach it: by a link on another page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

THEN = " then "  # between the links that are followed one after the other


@dataclass(frozen=True, slots=True)
class Page:
    """One page to look at; `link` is a pattern of the address, to be followed from `path`, or several one after the other."""

    name: str
    route: str
    path: str
    link: str = ""
    by: str = ""
    status: int = 200

    def __str__(self) -> str:
        return self.name


PUBLIC = (
    Page("home", "home", "/"),
    Page("mission", "mission", "/missions/change-5/"),
    Page("mission-apollo", "mission", "/missions/apollo-17/"),
    Page("sources", "sources", "/sources/"),
    Page("source", "source", "/sources/", link=r"^/sources/[^/]+/$"),
    Page("transfers", "transfers", "/transfers/"),
    Page("transfers-filtered", "transfers", "/transfers/?kind=gift&mission=change-5"),
    Page("transfers-none", "transfers", "/transfers/?kind=gift&year=1901"),
    Page("transfer", "transfer", "/transfers/", link=r"^/transfers/[^/?]+/$"),
    Page("contradictions", "contradictions", "/contradictions/"),
    Page("timeline", "timeline", "/timeline/"),
    Page("moon", "moon", "/moon/"),
    Page("shares", "shares", "/shares/"),
    Page("parties", "parties", "/parties/"),
    Page("party", "party", "/parties/cn/"),
    Page("between", "between", "/between/cn/ru/"),
    Page("diplomacy", "diplomacy", "/diplomacy/"),
    Page("frameworks", "frameworks", "/frameworks/"),
    Page("planned", "planned", "/plans/"),
    Page("not-known", "not-known", "/not-known/"),
    Page("fact", "fact", "/facts/change-6.side/"),
    Page("claims", "claims", "/claims/"),
    Page("claim", "claim", "/claims/claim-1/"),
    Page("catalogue", "catalogue", "/catalogue/"),
    Page("catalogue-searched", "catalogue", "/catalogue/?q=月球"),
    Page("catalogue-none", "catalogue", "/catalogue/?q=zzzzzz"),
    Page("sample", "sample", "/catalogue/", link=r"^/samples/.+/$"),
    Page("compare", "compare", "/compare/?a=lot:ce5&b=lot:ce5:hku"),
    Page("family", "family", "/families/lot:ce5/"),
    Page("ledger", "ledger", "/ledger/"),
    Page("entry", "entry", "/ledger/", link=r"^/ledger/\d+/$"),
    Page("verify-guide", "verify-guide", "/ledger/verify/"),
    Page("calls", "calls", "/calls/"),
    Page("call", "call", "/calls/", link=r"^/calls/[0-9a-f]{20}/$"),
    Page("round", "round", "/rounds/international-1/"),
    Page("read", "read", "/read/"),
    Page("law", "law", "/law/"),
    Page("law-instrument", "law-instrument", "/law/us/wolf/"),
    Page("law-ask", "law-ask", "/law/ask/"),
    Page("law-answer", "law-answer", "/law/answer/?lender=cnsa&modality=research_loan&acts_on=2027-02-15"),
    Page("sample-results", "sample-results", "/samples/12009/results/"),
    Page("analysis", "analysis", "/samples/12009/results/", link=r"^/analyses/[^/]+/$"),
    Page("ages", "ages", "/ages/"),
    Page("result", "result", "/ages/", link=r"^/results/[^/]+/$"),
    Page("chronology", "chronology", "/chronology/"),
    Page("chronology-1977", "chronology", "/chronology/?constants=steiger-jaeger-1977"),
    Page("facility", "facility", "/facility/"),
    Page("loans-public", "loans-public", "/loans/public/"),
    Page("yearly-report", "yearly-report", "/years/"),
    Page("gifts", "gifts", "/gifts/"),
    Page("gift", "gift", "/gifts/", link=r"^/gifts/[0-9a-f]{20}/$"),
    Page("exchanges", "exchanges", "/exchanges/"),
    Page("exchange", "exchange", "/exchanges/", link=r"^/exchanges/[0-9a-f]{20}/$"),
    Page("deposits", "deposits", "/deposits/"),
    Page("shows", "shows", "/shows/"),
    Page("show", "show", "/shows/", link=r"^/shows/[0-9a-f]{20}/$"),
    Page("about", "about", "/about/"),
    Page("sign-in", "account_login", "/accounts/login/"),
    Page("sign-up-closed", "account_signup", "/accounts/signup/"),
    Page("password-forgotten", "account_reset_password", "/accounts/password/reset/"),
    Page("unsubscribe-void", "unsubscribe", "/unsubscribe/nothing-of-the-kind/", status=404),
    Page("parcel-link-over", "parcel-confirm", "/parcels/confirm/nothing-of-the-kind/", status=410),
    Page("link-used-up", "sign-in-link", "/sign-in/nothing-of-the-kind/", status=410),
    Page("not-found", "404", "/nothing/here/", status=404),
)

PLANS = r"^/calls/[^/]+/panel/$ then ^/calls/[^/]+/plans/$"
PLAN = r"^/calls/[^/]+/plans/[0-9a-f]{20}/$"
LOAN = r"^/borrowing/[0-9a-f]{20}/$"

# What people see when they are signed in.
SIGNED_IN = (
    Page("account", "account", "/account/", by="curator"),
    Page("account-tokens", "account-tokens", "/account/tokens/", by="curator"),
    Page("account-notices", "account-notices", "/account/notices/", by="requester"),
    Page("account-data", "account-data", "/account/data/", by="curator"),
    Page("people", "people", "/people/", by="director"),
    Page("person", "person", "/people/", link=r"^/people/\d+/$", by="director"),
    Page("notices", "notices", "/notices/", by="curator"),
    Page("mailings", "mailings", "/mailings/", by="director"),
    Page("sign-out", "account_logout", "/accounts/logout/", by="curator"),
    Page("second-factor", "mfa_index", "/accounts/2fa/", by="curator"),
    Page("second-factor-app", "mfa_activate_totp", "/accounts/2fa/totp/activate/", by="curator"),
    Page("passkeys", "mfa_list_webauthn", "/accounts/2fa/webauthn/", by="curator"),
    Page("passkey-new", "mfa_add_webauthn", "/accounts/2fa/webauthn/add/", by="curator"),
    Page("desk", "desk", "/desk/", by="curator"),
    Page("today", "today", "/today/", by="curator"),
    Page("today-of-a-borrower", "today", "/today/", by="borrower"),
    Page("calendar", "calendar", "/today/calendar/", by="curator"),
    Page("borrowing", "borrowing", "/borrowing/", by="borrower"),
    Page("borrowed", "borrowed", "/borrowing/", link=LOAN, by="borrower"),
    Page("borrowed-credit", "borrowed-credit", "/borrowing/", link=rf"{LOAN} then /credit/$", by="borrower"),
    Page("borrowed-inventory", "borrowed-inventory", "/borrowing/", link=r"/inventory/$", by="borrower"),
    Page("wish", "wish", "/wishes/", link=r"^/wishes/[0-9a-f]{20}/$", by="curator"),
    Page("wishes", "wishes", "/wishes/", by="curator"),
    Page("attach", "attach", "/attach/sample/lot:ce5/", by="curator"),
    Page("photographs", "photographs", "/photographs/", by="curator"),
    Page("bench", "bench", "/bench/", by="curator"),
    Page("act-split", "act", "/bench/split/?parent=lot:ce5", by="curator"),
    Page("imports", "imports", "/imports/", by="curator"),
    Page("results", "results", "/results/", by="curator"),
    Page("record-result", "record-result", "/results/record/?sample=lot:ce5", by="curator"),
    Page("import-results", "import-results", "/results/import/", by="curator"),
    Page("derive-age", "derive-age", "/results/derive/?sample=12009&sample=12033", by="curator"),
    Page("audits", "audits", "/audits/", by="curator"),
    Page("incidents", "incidents", "/incidents/", by="curator"),
    Page("reviewing", "reviewing", "/account/reviewing/", by="reviewer"),
    Page("reviews", "reviews", "/reviews/", by="reviewer"),
    Page("reviews-of-a-chair", "reviews", "/reviews/", by="chair"),
    Page("review", "review", "/reviews/", link=r"^/reviews/[^/]+/$", by="reviewer"),
    Page("call-reviews", "call-reviews", "/reviews/", link=r"^/calls/[^/]+/reviews/$", by="chair"),
    Page("discussion", "discussion", "/reviews/", link=r"^/reviews/[^/]+/discussion/$", by="curator"),
    Page("call-hearings", "call-hearings", "/reviews/", link=r"^/calls/[^/]+/hearings/$", by="chair"),
    Page("panels", "panels", "/panels/", by="chair"),
    Page("panel", "panel", "/panels/", link=r"^/calls/[^/]+/panel/$", by="chair"),
    Page("minutes", "minutes", "/panels/", link=r"^/calls/[^/]+/panel/minutes/$", by="chair"),
    Page("plans", "plans", "/panels/", link=PLANS, by="chair"),
    Page("plan", "plan", "/panels/", link=rf"{PLANS} then {PLAN}", by="chair"),
    Page(
        "plans-compare",
        "plans-compare",
        "/panels/",
        link=rf"{PLANS} then {PLAN} then /plans/compare/",
        by="chair",
    ),
    Page(
        "plan-what-if", "plan-what-if", "/panels/", link=rf"{PLANS} then {PLAN} then /what-if/$", by="chair"
    ),
    Page("call-new", "call-new", "/calls/new/", by="curator"),
    Page("proposals", "proposals", "/proposals/", by="curator"),
    Page("overview", "overview", "/overview/", by="curator"),
    Page("places", "places", "/places/", by="curator"),
    Page("place", "place", "/places/", link=r"^/places/[^/?]+/$", by="curator"),
    Page("kept-readings", "kept-readings", "/read/kept/", by="reviewer"),
    Page(
        "read-propose",
        "read-propose",
        "/read/propose/?predicate=landing_side&subject=CE-6&object=near+side&article=A",
        by="reviewer",
    ),
    Page("propose-claim", "propose-claim", "/claims/propose/", by="curator"),
    Page("import-claims", "import-claims", "/claims/import/", by="curator"),
    Page("claim-waiting", "claim", "/claims/claim-2/", by="curator"),
    Page("readings", "readings", "/readings/", by="curator"),
    Page("tools", "tools", "/tools/", by="curator"),
    Page("instruments", "instruments", "/instruments/", by="curator"),
    Page("labels", "labels", "/labels/", by="curator"),
    Page("screenings", "screenings", "/screenings/", by="compliance"),
    Page("certificates", "certificates", "/certificates/", by="compliance"),
    Page("scan", "scan", "/scan/", by="curator"),
    Page("agreements", "agreements", "/agreements/", by="curator"),
    Page("agreement-direct", "agreement-direct", "/agreements/direct/?sample=lot:ce5", by="curator"),
    Page("loans", "loans", "/loans/", by="curator"),
    Page("gift-record", "gift-record", "/gifts/record/", by="director"),
    Page("exchange-new", "exchange-new", "/exchanges/record/", by="curator"),
    Page("show-plan", "show-plan", "/shows/plan/", by="curator"),
    Page("show-note", "show-note", "/shows/past/", by="curator"),
    Page("show-of-staff", "show", "/shows/", link=r"^/shows/[0-9a-f]{20}/$", by="director"),
    Page("show-log", "show-log", "/shows/", link=r"^/shows/[0-9a-f]{20}/$ then /log/$", by="curator"),
    Page("sets", "sets", "/sets/", by="curator"),
    Page("set", "set", "/sets/", link=r"^/sets/[0-9a-f]{20}/$", by="curator"),
    Page("reconciliations", "reconciliations", "/reconciliations/", by="curator"),
    Page("basket", "basket", "/basket/?sample=lot:ce5", by="requester"),
    Page("requests", "requests", "/requests/", by="requester"),
    Page("request-edit", "request-edit", "/requests/", link=r"^/requests/[^/]+/edit/$", by="requester"),
    Page("request-begin", "request-begin", "/basket/", link=r"^/calls/[^/]+/request/$", by="requester"),
    Page("e-mail", "account_email", "/accounts/email/", by="curator"),
    Page("password", "account_set_password", "/accounts/password/set/", by="curator"),
)

# What is there only once something was done: the working day of test_working_day.py looks at each.
IN_THE_DAY = (
    "audit",
    "handling",
    "import",
    "incident",
    "instrument",
    "photograph",
    "place",
    "proposal",
    "reconciliation",
    "tool",
)

# What is there only in the course of a call: test_whole_call.py looks at each, in both languages.
IN_THE_CALL = (
    "assignment",
    "call-edit",
    "call-keeping",
    "call-result",
    "decide",
    "hearing",
    "institutions",
    "letter",
    "public-plan",
    "refusals",
    "request",
    "request-receipt",
    "review-summary",
)

# What is there only in the course of a loan: test_loan.py looks at each.
IN_THE_LOAN = (
    "agreement",
    "agreement-amend",
    "agreement-new",
    "loan",
    "loan-return",
    "parcel",
    "work-order",
)

ROLES = ("curator", "requester", "reviewer", "chair", "compliance", "director", "auditor")

# Routes that are no page of their own, each with the reason.
LEFT_OUT = {
    "kept-reading": "the journalist's walk reaches it",
    "kept-reading-file": "a file",
    "claim-subjects": "a part of a page",
    "register-feed": "a file",
    "borrowed-photograph": "a picture",
    "years": "leads to the newest year",
    "receipt-file": "a file",
    "receipt-paper": "a file",
    "show-edit": "no show is planned in the demonstration; tests of the site look at it",
    "yearly-paper": "a file",
    "yearly-file": "a file",
    "calendar-feed": "a file",
    "agreement-paper": "a file",
    "agreement-text": "a file",
    "agreement-signature": "a file",
    "loans-file": "a file",
    "work-order-paper": "a file",
    "sample-certificate": "a file",
    "parcel-paper": "a file",
    "parcel-file": "a file",
    "review-file": "a file",
    "call-hearings-calendar": "a file",
    "hearing-calendar": "a file",
    "book": "a file",
    "checkpoint": "a file",
    "vkey": "a file",
    "proof": "a file",
    "health": "for programs",
    "labels-file": "a file",
    "account-export": "a file",
    "person-export": "a file",
    "calls-feed": "a file",
    "call-calendar": "a file",
    "call-offers": "a file",
    "call-policy": "a file",
    "call-text": "a file",
    "call-paper": "a file",
    "plan-file": "a file",
    "call-result-file": "a file",
    "panel-file": "a file",
    "minutes-file": "a file",
    "letter-file": "a file",
    "public-plan-file": "a file",
    "law-calendar": "a file",
    "law-paper": "a file",
    "screening": "nothing was screened in the demonstration",
    "results-table": "there once a table was given: test_ages.py looks at it",
    "age-file": "a file",
    "results-file": "a file",
    "loan-results-file": "a file",
    "request-results-file": "a file",
    "raw-file": "a file",
    "file": "a file",
    "thumbnail": "a picture",
    "document": "the demonstration has no document",
    "remark": "the target of a form on the sample's page",
    "closing": "a fragment of the form of an act",
    "audit-report": "a file",
    "request-clash": "there only when two wrote the same at once",
    "request-file": "a file",
    "request-files": "the target of a form on the request's page",
    "request-receipt-text": "a file",
    "request-receipt-paper": "a file",
    "set_language": "a form's target",
    "account_change_password": "leads to account_set_password for somebody without a password",
    "account_confirm_login_code": "signing in by a code is not offered",
    "account_confirm_email": "needs the key of a letter",
    "account_email_verification_sent": "verification is not asked for",
    "account_inactive": "nobody in the demonstration is inactive",
    "account_reauthenticate": "needs a password, which nobody in the demonstration has",
    "account_reset_password_done": "only after password-forgotten",
    "account_reset_password_from_key": "needs the key of a letter",
    "account_reset_password_from_key_done": "only after a key",
    "mfa_authenticate": "only on the way in with a second factor",
    "mfa_trust": "only on the way in with a second factor",
    "mfa_deactivate_totp": "needs an app that is set up",
    "mfa_download_recovery_codes": "needs a second factor",
    "mfa_edit_webauthn": "needs a passkey",
    "mfa_generate_recovery_codes": "needs a second factor",
    "mfa_login_webauthn": "for the script of passkeys",
    "mfa_reauthenticate": "needs a second factor",
    "mfa_reauthenticate_webauthn": "needs a second factor",
    "mfa_remove_webauthn": "needs a passkey",
    "mfa_signup_webauthn": "signing up is closed",
    "mfa_view_recovery_codes": "needs a second factor",
}
# Namespaces that are walked elsewhere or not at all.
LEFT_OUT_NAMESPACES = {
    "admin": "Django's own tables, for those who keep the site running",
    "api-1": "the JSON API has tests of its own",
}


def routes() -> Iterator[str]:
    """Yield the name of every route of the site map, with its namespace where it has one."""
    from django.urls import URLPattern, get_resolver

    def names(patterns: list[object], namespace: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield f"{namespace}{pattern.name or pattern.pattern}"
            else:
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from names(pattern.url_patterns, namespace + inner)

    yield from dict.fromkeys(names(get_resolver().url_patterns, ""))


def is_left_out(route: str) -> bool:
    return route in LEFT_OUT or any(route.startswith(name) for name in LEFT_OUT_NAMESPACES)
