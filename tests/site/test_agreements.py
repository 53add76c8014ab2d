"""Agreements in the database: made on what is promised, signed in time by both, amended; lapsed, they free what they held."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import DatabaseError, transaction
from tests.site import deciding, loaning
from tests.site.loaning import MG, NOW, a_running_loan, an_agreement, in_force, signature, told

from aliquot.agreements import Party
from aliquot.fault import Refused
from aliquot.loan_terms import Waiver
from aliquot.site import queries
from aliquot.site.models import AgreementStep, Commitment, Loan, LoanAgreement, Person
from aliquot.site.operations import agreement_keys, agreements, commitments, loan_reports, loans, storage
from aliquot.site.operations.agreements import Signature
from aliquot.site.operations.loan_reports import Consumed

DAY = timedelta(days=1)


@pytest.fixture
def _store(db: None) -> None:
    loaning.store()


def where(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.where for one in refused.value.faults]


@pytest.mark.django_db
def test_a_granted_request_becomes_an_agreement_on_what_was_promised_to_it() -> None:
    it = deciding.a_round()
    deciding.decided(it, deciding.GRANT)
    made = agreements.make(
        it.request, told(begins=date(2027, 6, 1), ends=date(2028, 6, 1)), by=it.ada, at=NOW
    )
    (line,) = queries.agreements.lines(made)
    assert (line.sample.number, line.mass_ng, line.basis) == ("P-1", 50 * MG, f"request:{it.request.key}/1")
    assert Commitment.objects.filter(released_at=None).count() == 1
    with pytest.raises(Refused) as refused:
        agreements.make(it.request, told(), by=it.ada, at=NOW)
    assert where(refused) == ["request"]
    loan = in_force(made, it.ada, it.eve, it.bo)
    assert queries.loans.duty(loan).person == it.bo


@pytest.mark.django_db
def test_what_may_be_used_up_of_a_sample_is_shared_out_among_the_lines_that_name_it() -> None:
    it = deciding.a_round()
    deciding.decided(it, deciding.GRANT)
    commitments.promise(
        "P-1", mass_ng=20 * MG, basis=queries.promises.basis(it.request, 2), by="person:1", at=NOW
    )
    terms = {"begins": date(2027, 6, 1), "ends": date(2028, 6, 1)}
    with pytest.raises(Refused) as refused:
        agreements.make(it.request, told(**terms, consumed_most_ng={"P-1": 71 * MG}), by=it.ada, at=NOW)
    assert where(refused) == ["items[1].consumed_most"]
    made = agreements.make(it.request, told(**terms, consumed_most_ng={"P-1": 55 * MG}), by=it.ada, at=NOW)
    lines = queries.agreements.lines(made)
    assert [(line.mass_ng, line.consumed_most_ng) for line in lines] == [
        (50 * MG, 50 * MG),
        (20 * MG, 5 * MG),
    ]


@pytest.mark.django_db
def test_nothing_is_agreed_on_a_request_to_which_nothing_is_promised() -> None:
    it = deciding.a_round()
    with pytest.raises(Refused) as refused:
        agreements.make(it.request, told(), by=it.ada, at=NOW)
    assert where(refused) == ["request"]


@pytest.mark.usefixtures("_store")
@pytest.mark.parametrize(
    ("changed", "faulty"),
    [
        ({"modality": "gift"}, "modality"),
        ({"use_class": "permanent"}, "use_class"),
        ({"use_class": "dreams"}, "use_class"),
        ({"ends": date(2026, 12, 10)}, "ends"),
        ({"ends": date(2028, 1, 1)}, "ends"),
        ({"security": " "}, "security"),
        ({"credit": "\0"}, "credit"),
        ({"consumed_most_ng": {"P-1": 51 * MG}}, "items[0].consumed_most"),
        ({"consumed_most_ng": {"P-9": MG}}, "items"),
    ],
)
def test_what_cannot_be_agreed_is_refused_and_nothing_is_promised(
    ada: Person, bo: Person, changed: dict[str, object], faulty: str
) -> None:
    with pytest.raises(Refused) as refused:
        an_agreement(ada, bo, **changed)
    assert faulty in where(refused)
    assert not Commitment.objects.exists()


@pytest.mark.usefixtures("_store")
def test_others_than_a_curator_draft_no_agreement(bo: Person, eve: Person) -> None:
    for other in (bo, eve):
        with pytest.raises(Refused) as refused:
            an_agreement(other, bo)
        assert where(refused) == ["person"]


@pytest.mark.usefixtures("_store")
def test_ten_working_days_to_sign_by_the_calendar_of_the_keeper(ada: Person, bo: Person) -> None:
    made = an_agreement(ada, bo)
    offered = agreements.offer(made, by=ada, at=NOW)  # a Tuesday; December 2026 has no day off
    assert (offered.sign_by, offered.sign_by_years_unknown) == (date(2026, 12, 15), [])
    later = an_agreement(ada, bo, [("P-2", MG)])
    unknown = agreements.offer(later, by=ada, at=NOW + 28 * DAY)
    assert (unknown.sign_by, unknown.sign_by_years_unknown) == (date(2027, 1, 12), [2027])


@pytest.mark.usefixtures("_store")
def test_unsigned_it_lapses_and_what_was_promised_is_free(ada: Person, bo: Person, eve: Person) -> None:
    made = agreements.offer(an_agreement(ada, bo), by=ada, at=NOW)
    with pytest.raises(Refused) as refused:
        agreements.move(made, "lapse", by=ada, at=NOW + 14 * DAY)
    assert where(refused) == ["agreement"]
    late = NOW + 15 * DAY
    assert queries.agreements.unsigned(late.date()) == [made]
    with pytest.raises(Refused) as refused:
        agreements.sign(made, signature(), by=bo, at=late)
    assert where(refused) == ["agreement"]
    with pytest.raises(Refused):
        agreements.waive(
            made, Waiver("signature", "The centre", "Slow.", date(2026, 12, 20)), by=ada, at=late
        )
    agreements.waive(
        made, Waiver("signature", "The centre", "The post was slow.", date(2026, 12, 20)), by=eve, at=late
    )
    assert queries.agreements.unsigned(late.date()) == []
    assert agreements.move(made, "lapse", by=ada, at=NOW + 30 * DAY).state == "lapsed"
    assert not Commitment.objects.filter(released_at=None).exists()
    assert an_agreement(ada, bo, [("P-1", 1000 * MG)]).number == "LA-0002"


@pytest.mark.usefixtures("_store")
def test_both_sign_the_text_of_that_hash(ada: Person, bo: Person, cy: Person, eve: Person) -> None:
    made = agreements.offer(an_agreement(ada, bo), by=ada, at=NOW)
    for sign in (
        signature("0" * 64),
        signature("", kind="detached"),
        signature("", kind="stamp"),
        signature(name=""),
    ):
        with pytest.raises(Refused):
            agreements.sign(made, sign, by=bo, at=NOW)
    with pytest.raises(Refused) as refused:
        agreements.sign(made, signature(), by=cy, at=NOW)
    assert where(refused) == ["person"]
    agreements.sign(made, signature(made.sha256, kind="detached"), by=bo, at=NOW)
    step = AgreementStep.objects.get(act="sign")
    assert (step.told["text_sha256"], step.file.sha256) == (made.sha256, step.told["file_sha256"])
    with pytest.raises(Refused):
        agreements.countersign(made, signature(name="Ada"), by=ada, at=NOW)
    agreements.countersign(made, signature(name="Eve"), by=eve, at=NOW)
    assert LoanAgreement.objects.get().state == "in force"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AgreementStep.objects.all().delete()


@pytest.mark.usefixtures("_store")
def test_a_borrower_sees_an_agreement_once_it_is_offered_and_declines_it(
    ada: Person, bo: Person, cy: Person
) -> None:
    made = an_agreement(ada, bo)
    assert queries.agreements.one(made.key, bo, sees_all=False) is None
    agreements.offer(made, by=ada, at=NOW)
    assert queries.agreements.one(made.key, bo, sees_all=False) == made
    assert queries.agreements.one(made.key, cy, sees_all=False) is None
    with pytest.raises(Refused) as refused:
        agreements.move(made, "decline", by=bo, at=NOW)
    assert where(refused) == ["reason"]
    agreements.move(made, "decline", reason="No grant.", by=bo, at=NOW)
    assert not Commitment.objects.filter(released_at=None).exists()


@pytest.mark.usefixtures("_store")
def test_a_longer_show_is_an_exception_on_somebodys_authority(ada: Person, bo: Person, eve: Person) -> None:
    """115 days were agreed on where two months and one are the rule: domain facts, section 4, row 16."""
    show = {"modality": "public-interest", "use_class": "public-interest", "begins": date(2024, 8, 7),
            "ends": date(2024, 11, 30), "consumed_most_ng": None}  # fmt: skip
    with pytest.raises(Refused) as refused:
        an_agreement(ada, bo, **show)
    assert where(refused) == ["ends"]
    waiver = Waiver("loan-months", "CNSA", "The exhibition runs longer.", date(2026, 12, 31))
    made = an_agreement(ada, bo, waivers=(waiver,), **show)
    loan = in_force(made, ada, eve, bo)
    assert queries.loans.value(loan).waivers == (waiver,)
    assert "Nothing is used up" in made.text_en


@pytest.mark.usefixtures("_store")
def test_an_amendment_takes_the_place_of_the_agreement_when_it_is_countersigned(
    ada: Person, bo: Person, eve: Person
) -> None:
    loan = a_running_loan(ada, eve, bo)
    changed = told(ends=date(2027, 11, 1), consumed_most_ng={"P-1": 20 * MG})
    made = agreements.amend(loan, changed, by=ada, at=NOW)
    with pytest.raises(Refused):
        agreements.amend(loan, changed, by=ada, at=NOW)
    assert "in the place of" in made.text_en or "takes the place" in made.text_en
    assert not Commitment.objects.filter(released_at=None).exists()
    again = in_force(made, ada, eve, bo)
    assert (again.pk, again.agreement, again.agreed_until) == (loan.pk, made, date(2027, 11, 1))
    assert LoanAgreement.objects.get(pk=loan.agreement_id).state == "replaced"
    done = loan_reports.consume(
        again, Consumed("P-1,1", 15 * MG, "analysis", "probe"), by=bo, at=NOW + 30 * DAY
    )
    assert done.notes == ()
    assert loans.due_on(Loan.objects.get()) == date(2027, 11, 1)


SECRET = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = SECRET.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def detached_signature(data: bytes, sha256: str) -> Signature:
    arrived = loaning.ARRIVING.enter_context(
        storage.receive([data], name="signed.sig", limits=settings.FILES)
    )
    return Signature("Bo", "", "detached", arrived, sha256)


@pytest.mark.usefixtures("_store")
def test_a_detached_signature_is_held_against_the_key_of_its_side(
    ada: Person, bo: Person, cy: Person, eve: Person
) -> None:
    made = agreements.offer(an_agreement(ada, bo), by=ada, at=NOW)
    for side, key, by in (
        ("borrower", PUBLIC, cy),
        ("lender", PUBLIC, bo),
        ("borrower", "no key", bo),
        ("both", PUBLIC, bo),
    ):
        with pytest.raises(Refused):
            agreement_keys.register(made, side, key, by=by, at=NOW)
    agreement_keys.register(made, "borrower", PUBLIC, by=bo, at=NOW)
    text = queries.agreements.signed_text(made).encode()
    with pytest.raises(Refused) as refused:
        agreements.sign(
            made, detached_signature(base64.b64encode(SECRET.sign(text + b"x")), made.sha256), by=bo, at=NOW
        )
    assert where(refused) == ["file"]
    agreements.sign(made, detached_signature(base64.b64encode(SECRET.sign(text)), made.sha256), by=bo, at=NOW)
    told = AgreementStep.objects.get(act="sign").told
    assert (told["checked"], told["scheme"], len(told["fingerprint"])) == ("fits", "pem", 64)
    with pytest.raises(Refused):
        agreement_keys.register(made, "borrower", PUBLIC, by=bo, at=NOW)
    agreements.countersign(made, replace(detached_signature(b"-----BEGIN PGP SIGNATURE-----\n", made.sha256), name="Eve"), by=eve, at=NOW)  # fmt: skip
    assert AgreementStep.objects.get(act="countersign").told["checked"] == "no key"


@pytest.mark.usefixtures("_store")
def test_what_cannot_be_checked_is_kept_and_said_not_to_be_verified(
    ada: Person, bo: Person, eve: Person
) -> None:
    made = agreements.offer(an_agreement(ada, bo), by=ada, at=NOW)
    agreement_keys.register(made, "borrower", PUBLIC, by=ada, at=NOW)
    agreement_keys.register(made, "lender", PUBLIC, by=eve, at=NOW)
    agreements.sign(
        made, detached_signature(b"-----BEGIN PGP SIGNATURE-----\n\nAAAA\n", made.sha256), by=bo, at=NOW
    )
    assert AgreementStep.objects.get(act="sign").told["checked"] == "unchecked"
    assert made.steps.filter(act=agreement_keys.REGISTER).count() == 2


@pytest.mark.usefixtures("_store")
def test_the_country_is_called_by_its_name_in_each_language_and_stays_called_so(
    ada: Person, bo: Person
) -> None:
    made = an_agreement(ada, bo, borrower=Party("Institut", "Bo", "FR"))
    assert "Institut (France), for which Bo" in made.text_en
    assert "Institut（法国，由Bo负责" in made.text_zh
    assert queries.agreements.document(made).sha256 == made.sha256
    unnamed = an_agreement(ada, bo, borrower=Party("Institut", "Bo", ""))
    assert "Institut (–), for which Bo" in unnamed.text_en
