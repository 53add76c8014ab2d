"""Lending through its pages: from a granted request to a closed loan, with everything refused beside its field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.site import deciding, lending_pages, workbench
from tests.site.deciding import GRANT, Round, a_round, decided
from tests.site.lending_pages import HANDED, OPENED, TERMS, Lending, post, signature, text
from tests.uploads import a_png

from aliquot.site.models import Loan, LoanAgreement, LoanFile, LoanItem, Parcel, Person, ReturnCheck

Browser = Callable[[Person], Client]


@pytest.fixture
def it(db: None) -> Round:
    workbench_round = a_round()
    workbench.a_bench()
    decided(workbench_round, GRANT)
    return workbench_round


@pytest.fixture
def lending(it: Round, signed_in: Browser) -> Lending:
    return Lending(signed_in(it.ada), signed_in(it.bo), signed_in(it.eve))


@pytest.fixture
def loan(it: Round, lending: Lending) -> Loan:
    """A loan of two vials of 20 mg to Bo, to be packed."""
    made = lending.in_force(lending.drafted(it.request))
    lending.cut(made, ("P-1,1", "20 mg"), ("P-1,2", "20 mg"))
    return made


def test_a_granted_request_becomes_an_agreement_that_was_read_first(it: Round, lending: Lending) -> None:
    assert f"/agreements/new/{it.request.key}/" in text(lending.ada.get("/loans/"))
    path = f"/agreements/new/{it.request.key}/"
    shown = text(lending.ada.get(path))
    assert "A locked safe" in shown or "security" in shown
    read = post(lending.ada, path, preview="1", **TERMS)
    assert read.status_code == 200
    assert "The samples serve this purpose and no other: Dating basalt." in text(read)
    assert "样品仅用于以下用途" in text(read)
    assert not LoanAgreement.objects.exists()
    made = lending.drafted(it.request)
    assert (made.number, made.state, made.borrower) == ("LA-0001", "drafted", it.bo)
    assert made.lines.get().consumed_most_ng == 10 * deciding.MG
    assert path not in text(lending.ada.get("/loans/"))
    assert lending.bo.get(f"/agreements/{made.key}/").status_code == 404


def test_what_is_wrong_with_an_agreement_stands_beside_its_field(it: Round, lending: Lending) -> None:
    path = f"/agreements/new/{it.request.key}/"
    wrong = {"ends": "2029-01-01", "consumed_most_0": "90 mg", "purpose": "Kept \0as typed"}
    answer = post(lending.ada, path, draft="1", **(TERMS | wrong))
    assert answer.status_code == 422
    assert "Null characters are not allowed." in text(answer)
    answer = post(lending.ada, path, draft="1", **(TERMS | wrong | {"purpose": "Kept as typed"}))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {"ends", "consumed_most_0"}
    assert "Kept as typed" in text(answer)
    longer = {
        "ends": "2028-06-10",
        "waiver_authority": "Director",
        "waiver_until": "2028-06-10",
        "waiver_reason": "A beam.",
    }
    assert lending.drafted(it.request, **longer).ends.isoformat() == "2028-06-10"


def test_days_to_sign_run_from_the_offer_and_the_text_is_what_its_hash_says(
    it: Round, lending: Lending
) -> None:
    import hashlib

    made = lending.drafted(it.request)
    path = f"/agreements/{made.key}/"
    post(lending.ada, path, act="offer")
    shown = text(lending.bo.get(path))
    assert "10 working days are left to sign." in shown
    assert 'class="day day--off"' in shown
    made.refresh_from_db()
    assert hashlib.sha256(lending.bo.get(f"{path}agreement.txt").content).hexdigest() == made.sha256
    wrong = post(lending.bo, path, act="sign", **signature(kind="detached", sha256="0" * 64))
    assert wrong.status_code == 422
    assert "this is not the hash of the agreement" in text(wrong)
    assert 'value="Professor"' in text(wrong)
    assert post(lending.bo, path, act="sign", name="Bo", kind="scan").status_code == 422
    assert post(lending.bo, path, act="sign", **signature()).status_code == 302
    assert lending.bo.get(f"{path}signatures/2/").status_code == 200
    assert post(lending.bo, path, act="countersign", **signature()).status_code == 403
    assert post(lending.ada, path, act="countersign", **signature()).status_code in (403, 422)


def test_an_agreement_lapses_withdraws_and_is_allowed_more_time(it: Round, lending: Lending) -> None:
    made = lending.drafted(it.request)
    path = f"/agreements/{made.key}/"
    post(lending.ada, path, act="offer")
    LoanAgreement.objects.filter(pk=made.pk).update(sign_by="2026-01-05")
    assert "The last day to sign has passed." in text(lending.ada.get(path))
    late = {"authority": "Director", "expires_on": "2027-02-01", "reason": "The mail."}
    assert post(lending.eve, path, act="waive", **late).status_code == 302
    assert "2027-02-01" in text(lending.ada.get(path))
    assert post(lending.bo, path, act="decline", reason="").status_code == 422
    assert post(lending.bo, path, act="decline", reason="No money.").status_code == 302
    made.refresh_from_db()
    assert made.state == "declined"


def test_a_work_order_is_carried_out_at_the_bench_and_fills_the_loan(it: Round, lending: Lending) -> None:
    made = lending.in_force(lending.drafted(it.request))
    path = f"/loans/{made.key}/orders/1/"
    assert path in text(lending.ada.get(f"/loans/{made.key}/"))
    shown = text(lending.ada.get(path))
    assert "50 mg" in shown
    assert 'name="parent"' not in shown
    wrong = post(
        lending.ada,
        path,
        kind="split",
        **{"cuts.0.number": "P-1,1", "cuts.0.mass": "60 mg", "cuts.1.number": "P-1"},
    )
    assert wrong.status_code == 422
    assert 'value="60 mg"' in text(wrong)
    lending.cut(made, ("P-1,1", "20 mg"), ("P-1,2", "20 mg"))
    assert LoanItem.objects.count() == 2
    assert 'name="cuts.0.number"' not in text(lending.ada.get(path))


def test_a_parcel_goes_out_and_its_receiver_confirms_once_without_an_account(
    lending: Lending, loan: Loan, client: Client
) -> None:
    parcel = lending.sent(loan, "P-1,1", "P-1,2")
    page = f"/parcels/{parcel.key}/"
    made = post(lending.ada, page, act="link", days="7")
    assert made.status_code == 200
    link = text(made).split("/parcels/confirm/")[1].split("<")[0]
    path = f"/parcels/confirm/{link}"
    assert link not in text(lending.ada.get(page))
    shown = client.get(path)
    assert shown.status_code == 200
    assert "P-1,1" in text(shown)
    assert "Brown" not in text(shown)
    told = {
        "name": "Mail room",
        "gross_ng": "5 g",
        "found_0": "sound",
        "found_1": "damaged",
        "seals": "",
        "note": "",
    }
    assert set(client.post(path, told).context["form"].errors) == {"intact"}
    told["intact"] = "yes"
    wrong = client.post(path, told)
    assert wrong.status_code == 422
    assert "a sample is damaged or missing" in text(wrong)
    photograph = SimpleUploadedFile("broken.png", a_png())
    done = client.post(path, told | {"note": "A vial is cracked.", "photograph": photograph})
    assert done.status_code == 200, text(done)
    parcel.refresh_from_db()
    assert (parcel.state, parcel.received_by) == ("damaged", "Mail room")
    assert LoanFile.objects.get(parcel=parcel).kind == "photograph"
    assert parcel.incident is not None
    for again in (client.get(path), client.post(path, told), client.get("/parcels/confirm/nothing/")):
        assert again.status_code == 410
        assert "This link is over" in text(again)
    assert parcel.incident.key in text(lending.ada.get(page))
    assert "/incidents/" not in text(lending.bo.get(page))
    loan.refresh_from_db()
    assert loan.state == "with borrower"


def test_a_stranger_sends_no_file_without_a_link_that_works(lending: Lending, loan: Loan) -> None:
    parcel = lending.sent(loan, "P-1,1")
    strict = Client(enforce_csrf_checks=True)
    assert (
        strict.post(
            "/parcels/confirm/nothing/", {"photograph": SimpleUploadedFile("a.png", a_png())}
        ).status_code
        == 410
    )
    link = (
        text(post(lending.ada, f"/parcels/{parcel.key}/", act="link", days="7"))
        .split("/parcels/confirm/")[1]
        .split("<")[0]
    )
    assert strict.post(f"/parcels/confirm/{link}", {"name": "X"}).status_code == 403


def test_a_transport_log_is_read_and_drawn(lending: Lending, loan: Loan) -> None:
    parcel = lending.sent(loan, "P-1,1")
    page = f"/parcels/{parcel.key}/"
    bad = SimpleUploadedFile("log.csv", b"when,temperature_c\n1,2\n")
    wrong = post(lending.ada, page, act="attach", kind="transport log", file=bad)
    assert wrong.status_code == 422
    good = SimpleUploadedFile(
        "log.csv", b"time,temperature_c,shock_g\n2026-12-01T09:00Z,21.5,0.2\n2026-12-01T10:00Z,-3,4.5\n"
    )
    assert post(lending.ada, page, act="attach", kind="transport log", file=good).status_code == 302
    shown = text(lending.bo.get(page))
    assert "4.5 g" in shown
    assert shown.count("d-series") == 2
    kept = LoanFile.objects.get()
    assert lending.bo.get(f"{page}files/{kept.pk}/").status_code == 200


def test_what_comes_back_is_weighed_explained_accepted_and_the_loan_closed(
    lending: Lending, loan: Loan
) -> None:
    page, back = f"/loans/{loan.key}/", f"/loans/{loan.key}/return/"
    parcel = lending.sent(loan, "P-1,1", "P-1,2")
    assert (
        post(
            lending.bo, f"/parcels/{parcel.key}/", act="confirm", found_0="sound", found_1="sound", **OPENED
        ).status_code
        == 302
    )
    assert post(lending.ada, page, act="renew", months="6", reason="Beam time.").status_code == 302
    assert post(lending.ada, page, act="renew", months="6", reason="Again.").status_code == 422
    assert (
        post(lending.ada, page, act="lose", sample="P-1,2", mass="", reason="Not in the safe.").status_code
        == 302
    )
    shown = text(lending.bo.get(page))
    assert "20 mg" in shown
    home = lending.sent(loan, "P-1,1", act="pack back", by=lending.bo)
    taken = OPENED | {"found_0": "sound", "place": "BOX 7"}
    assert (
        post(
            lending.ada, f"/parcels/{home.key}/", act="confirm", **(taken | {"place": "NOWHERE"})
        ).status_code
        == 422
    )
    assert post(lending.ada, f"/parcels/{home.key}/", act="confirm", **taken).status_code == 302
    assert back in text(lending.ada.get(page))
    item = LoanItem.objects.get(sample__number="P-1,1")
    weighed = {"act": f"weigh {item.pk}", "balance": "bal-1", "readings": "18 mg\n18 mg", "declared_ng": "18 mg",
               "explanation": "", "reason": "", "history": "Polished in ethanol."}  # fmt: skip
    wrong = post(lending.ada, back, **weighed)
    assert wrong.status_code == 422
    assert "the balance differs from the book by -2 mg" in text(wrong)
    assert "Polished in ethanol." in text(wrong)
    told = {"explanation": "consumed", "reason": "Not reported."}
    assert post(lending.ada, back, **(weighed | told)).status_code == 302
    assert ReturnCheck.objects.get().weighed_ng == 18 * deciding.MG
    accepted = {"act": f"accept {item.pk}", "condition": "returned", "place": "", "note": "Whole."}
    assert post(lending.ada, back, **accepted).status_code == 302
    assert post(lending.ada, page, act="close", reason="").status_code == 422
    assert post(lending.eve, page, act="close", reason="It was looked for in vain.").status_code == 302
    loan.refresh_from_db()
    assert loan.state == "closed"


def test_a_found_vial_comes_back_and_a_recall_is_lifted(lending: Lending, loan: Loan) -> None:
    page = f"/loans/{loan.key}/"
    parcel = lending.sent(loan, "P-1,1")
    post(lending.bo, f"/parcels/{parcel.key}/", act="confirm", found_0="sound", **OPENED)
    assert post(lending.ada, page, act="recall", days="30", reason="").status_code == 422
    assert post(lending.ada, page, act="recall", days="30", reason="An audit.").status_code == 302
    assert "in 30 days" in text(lending.bo.get(page))
    assert post(lending.ada, page, act="lift", reason="Done.").status_code == 422
    assert post(lending.eve, page, act="lift", reason="Done.").status_code == 302
    post(lending.ada, page, act="lose", sample="P-1,1", mass="5 mg", reason="Spilt.")
    assert (
        post(lending.ada, page, act="find", sample="P-1,1", place="", reason="In the other box.").status_code
        == 302
    )
    moved = {"why": "moved", "name": "Bo", "institution": "Uppsala", "country": "SE", "email": ""}
    assert post(lending.ada, page, act="pass duty", **moved).status_code == 302
    assert lending.bo.get(page).status_code == 404
    assert (
        post(
            lending.eve,
            page,
            act="except",
            rule="inventory",
            authority="Me",
            expires_on="2028-01-01",
            reason="Far away.",
        ).status_code
        == 302
    )
    assert "Far away." in text(lending.ada.get(page))


def test_other_terms_are_amended(lending: Lending, loan: Loan) -> None:
    path = f"/loans/{loan.key}/amend/"
    assert 'value="Brown University"' in text(lending.ada.get(path))
    done = post(lending.ada, path, draft="1", **(TERMS | {"purpose": "Dating and oxygen."}))
    assert done.status_code == 302
    lending.in_force(LoanAgreement.objects.get(amends=loan.agreement))
    loan.refresh_from_db()
    assert "Dating and oxygen." in loan.agreement.text_en


def test_a_form_that_is_sent_twice_acts_once(lending: Lending, loan: Loan) -> None:
    path = f"/loans/{loan.key}/"
    token = str(lending.ada.get(path).context["csrf_token"])
    form = {"csrfmiddlewaretoken": token, "acting_key": "once", "act": "pack", "samples": ["P-1,1"]}
    first, second = (lending.ada.post(path, form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Parcel.objects.count() == 1
    wrong = post(
        lending.ada, first["Location"], act="hand over", **(HANDED | {"gross_ng": "1 mg", "collector": "Bo"})
    )
    assert wrong.status_code == 422
    assert "gross_ng" in text(wrong)
    assert "nobody has checked who fetches it" in text(wrong)
    assert post(lending.ada, first["Location"], act="fly").status_code == 422


def _like(loan: Loan, n: int) -> None:
    """Add a loan like this one, for lists."""
    agreement, holder, duty = loan.agreement, loan.holder, loan.duties.get(until=None)
    agreement.pk, agreement.key, agreement.number = None, f"a{n}", f"LA-9{n}"
    holder.pk, holder.key = None, f"loan:k{n}"
    agreement.save()
    holder.save()
    loan.pk, loan.key, loan.number, loan.agreement, loan.holder = None, f"k{n}", f"L-9{n}", agreement, holder
    loan.save()
    duty.pk, duty.loan = None, loan
    duty.save()


def test_lists_are_filtered_and_cost_the_same_however_many_there_are(
    lending: Lending, loan: Loan, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for question, there in (("", True), ("?state=prepared", True), ("?state=closed", False), ("?overdue=on", False),
                            ("?borrower=brown", True), ("?borrower=%00", True), ("?use_class=research", True)):  # fmt: skip
        with django_assert_max_num_queries(22):
            shown = text(lending.ada.get(f"/loans/{question}"))
        assert (loan.number in shown) is there, question
    table = text(lending.ada.get("/loans/loans.csv"))
    assert table.splitlines()[1].startswith("L-0001,prepared,research,Bo,Brown University,US,2,0,")
    assert loan.number in text(lending.bo.get("/loans/"))
    lending.ada.get("/agreements/")
    with django_assert_max_num_queries(22) as few:
        lending.ada.get("/loans/")
    with django_assert_max_num_queries(22) as few_agreements:
        lending.ada.get("/agreements/")
    for n in range(5):
        _like(Loan.objects.get(number="L-0001"), n)
    with django_assert_max_num_queries(len(few)):
        assert "L-94" in text(lending.ada.get("/loans/"))
    with django_assert_max_num_queries(len(few_agreements)):
        assert "LA-94" in text(lending.ada.get("/agreements/"))


@pytest.mark.parametrize("paper", ["packing-list", "customs", "hand-carry"])
def test_papers_are_printed(lending: Lending, loan: Loan, paper: str) -> None:
    parcel = lending.sent(loan, "P-1,1")
    assert lending.bo.get(f"/parcels/{parcel.key}/{paper}.pdf").content.startswith(b"%PDF")
    assert lending.bo.get(f"/parcels/{parcel.key}/visa.pdf").status_code == 404


def test_agreement_order_and_certificate_are_printed(lending: Lending, loan: Loan) -> None:
    item = LoanItem.objects.first()
    for path in (f"/agreements/{loan.agreement.key}/agreement.pdf", f"/loans/{loan.key}/orders/1/order.pdf",
                 f"/loans/{loan.key}/certificates/{item.pk}.pdf"):  # fmt: skip
        assert lending.ada.get(path).content.startswith(b"%PDF")


def test_nobody_sees_or_does_what_is_not_theirs(
    it: Round, lending: Lending, loan: Loan, signed_in: Browser, di: Person, client: Client
) -> None:
    parcel = lending.sent(loan, "P-1,1")
    item = LoanItem.objects.first()
    staff = (f"/loans/{loan.key}/return/", f"/loans/{loan.key}/orders/1/", f"/loans/{loan.key}/amend/",
             f"/agreements/new/{it.request.key}/", "/agreements/")  # fmt: skip
    own = (f"/loans/{loan.key}/", f"/agreements/{loan.agreement.key}/", f"/parcels/{parcel.key}/",
           f"/loans/{loan.key}/certificates/{item.pk}.pdf", f"/parcels/{parcel.key}/customs.pdf",
           f"/agreements/{loan.agreement.key}/agreement.txt", f"/agreements/{loan.agreement.key}/agreement.pdf")  # fmt: skip
    strangers = [signed_in(di), signed_in(it.cy)]
    for path in staff:
        assert client.get(path).status_code == 302
        assert {browser.get(path).status_code for browser in (*strangers, lending.bo)} == {403}
        assert lending.ada.get(path).status_code == 200
    for path in own:
        assert client.get(path).status_code == 302
        assert {browser.get(path).status_code for browser in strangers} == {404}
        assert {browser.get(path).status_code for browser in (lending.ada, lending.eve, lending.bo)} == {200}
    auditor = signed_in(deciding.somebody("Joe", deciding.Role.AUDITOR))
    assert auditor.get(f"/loans/{loan.key}/").status_code == 200
    assert post(auditor, f"/loans/{loan.key}/", act="cancel", reason="No.").status_code == 403


def test_every_page_reads_in_chinese(lending: Lending, loan: Loan) -> None:
    parcel = lending.sent(loan, "P-1,1")
    for path in (
        "/loans/",
        f"/loans/{loan.key}/",
        f"/agreements/{loan.agreement.key}/",
        f"/parcels/{parcel.key}/",
    ):
        assert lending.ada.get(f"/zh-hans{path}").status_code == 200


__all__ = ["lending_pages"]


DIRECT = {
    **{name: said for name, said in TERMS.items() if name != "consumed_most_0"}, "modality": "public-interest",
    "use_class": "public-interest", "ends": "2027-02-10", "account": "", "rows": "3",
}  # fmt: skip


def test_an_agreement_without_a_request_names_its_samples_line_by_line(lending: Lending, it: Round) -> None:
    path = "/agreements/direct/"
    assert path in text(lending.ada.get("/agreements/"))
    begun = text(lending.ada.get(f"{path}?sample=P-2&show=x%00"))
    assert 'value="P-2"' in begun
    more = post(
        lending.ada, path, more="1", **(DIRECT | {"sample_0": "P-2", "whole_0": "on", "purpose": "Kept."})
    )
    assert more.status_code == 200
    assert 'name="sample_5"' in text(more)
    assert "Kept." in text(more)
    lines = {"sample_1": "P-2", "mass_1": "40 mg", "consumed_most_1": "1 mg", "account": it.bo.email}
    read = post(lending.ada, path, preview="1", **(DIRECT | lines))
    assert read.status_code == 200
    assert not LoanAgreement.objects.exists()
    done = post(lending.ada, f"{path}?policy=cnsa", draft="1", **(DIRECT | lines))
    assert done.status_code == 302, text(done)
    made = LoanAgreement.objects.get()
    line = made.lines.get()
    assert (made.borrower, line.sample.number, line.mass_ng, line.consumed_most_ng, line.whole) == (
        it.bo, "P-2", 40 * deciding.MG, deciding.MG, False,
    )  # fmt: skip
    assert lending.in_force(made).modality == "public-interest"


def test_what_is_lent_whole_needs_no_mass(lending: Lending) -> None:
    done = post(lending.ada, "/agreements/direct/", draft="1", **DIRECT, sample_0="P-2", whole_0="on")
    assert done.status_code == 302, text(done)
    line = LoanAgreement.objects.get().lines.get()
    assert (line.whole, line.mass_ng) == (True, 10**9)


@pytest.mark.parametrize(
    ("told", "beside"),
    [
        ({}, {"sample_0"}),
        ({"sample_2": "P-2", "mass_2": "3 kg"}, {"mass_2"}),
        ({"sample_2": "NONE", "mass_2": "3 g", "sample_1": "S-1", "mass_1": "1 mg"}, {"sample_2", "sample_1"}),
        ({"sample_0": "P-2", "mass_0": "1 mg", "sample_2": "P-2", "mass_2": "1 mg"}, {"sample_2"}),
        ({"sample_1": "P-2", "mass_1": "1 mg", "consumed_most_1": "2 mg"}, {"consumed_most_1"}),
        ({"sample_1": "P-2", "mass_1": "1 mg", "whole_1": "on"}, {"mass_1"}),
        ({"sample_1": "P-2"}, {"mass_1"}),
        ({"mass_1": "1 mg"}, {"sample_1"}),
        ({"sample_0": "P-2", "mass_0": "many", "account": "nobody@example.org"}, {"mass_0", "account"}),
        ({"sample_0": "P-2", "mass_0": "1 mg", "ends": "2030-01-01", "purpose": ""}, {"purpose"}),
        ({"sample_0": "P-2", "mass_0": "1 mg", "ends": "2030-01-01"}, {"ends"}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_direct_agreement_stands_beside_its_row(
    lending: Lending, told: dict[str, str], beside: set[str]
) -> None:
    answer = post(lending.ada, "/agreements/direct/", draft="1", **(DIRECT | told))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == beside
    assert not LoanAgreement.objects.exists()


def test_only_a_curator_prepares_a_direct_agreement(lending: Lending) -> None:
    for browser in (lending.bo, lending.eve):
        assert browser.get("/agreements/direct/").status_code == 403
        assert post(browser, "/agreements/", draft="1").status_code in (403, 405)


def test_a_public_key_is_registered_and_a_signature_says_what_it_is_worth(
    it: Round, lending: Lending
) -> None:
    made = lending.drafted(it.request)
    path = f"/agreements/{made.key}/"
    post(lending.ada, path, act="offer")
    wrong = post(lending.bo, path, act="register key", side="borrower", key="AAAA")
    assert wrong.status_code == 422
    assert "this is no public key that can be checked here" in text(wrong)
    ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop bo"
    assert post(lending.bo, path, act="register key", side="lender", key=ssh).status_code == 422
    assert post(lending.bo, path, act="register key", side="borrower", key=ssh).status_code == 302
    shown = text(lending.ada.get(path))
    assert "Public key, borrower" in shown
    assert "openssh" in shown
    assert post(lending.bo, path, act="sign", **signature()).status_code == 302
    assert "not verified: a scan can only be looked at" in text(lending.ada.get(path))
