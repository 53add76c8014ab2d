"""A loan through its pages: what each form sends, and browsers for Ada, Bo and Eve."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.uploads import PDF

from aliquot.site.models import Loan, LoanAgreement, Parcel, Request

TERMS = {
    "modality": "research", "use_class": "research", "begins": "2026-12-10", "ends": "2027-12-10",
    "lender_institution": "Test laboratory", "lender_person": "Ada", "lender_country": "CN",
    "borrower_institution": "Brown University", "borrower_person": "Bo", "borrower_country": "US",
    "purpose": "Dating basalt.", "security": "A safe.", "return_plan": "All that is left.",
    "credit": "Samples provided by the test laboratory.", "insured_for": "", "consumed_most_0": "10 mg",
    "waiver_authority": "", "waiver_until": "", "waiver_reason": "",
}  # fmt: skip
OPENED = {"name": "Mail room", "seals": "A-1", "gross_ng": "5 g", "gross_sd_ng": "1 mg", "note": ""}
HANDED = {
    "seals": "A-1", "gross_ng": "5 g", "gross_sd_ng": "1 mg", "carrier": "By hand", "tracking": "",
    "expected_on": "2026-12-12", "collector": "", "identity": "", "note": "",
}  # fmt: skip


def post(browser: Client, path: str, **told: object) -> HttpResponse:
    """Send a form of that page, as the page itself would."""
    shown = browser.get(path)
    token = str(shown.context["csrf_token"])
    return browser.post(path, {"csrfmiddlewaretoken": token, "acting_key": f"k{next(_keys)}", **told})


def _counted():  # type: ignore[no-untyped-def]
    n = 0
    while True:
        n += 1
        yield n


_keys = _counted()


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def signature(**changed: object) -> dict[str, object]:
    file = SimpleUploadedFile("signed.pdf", PDF + str(next(_keys)).encode() + b"\n%%EOF\n")
    return {"name": "Bo", "capacity": "Professor", "kind": "scan", "file": file, "sha256": ""} | changed


@dataclass
class Lending:
    """Browsers of Ada, who curates, Bo, who borrows, and Eve, who directs; each step by its page."""

    ada: Client
    bo: Client
    eve: Client

    def drafted(self, request: Request, **changed: object) -> LoanAgreement:
        answer = post(self.ada, f"/agreements/new/{request.key}/", draft="1", **(TERMS | changed))
        assert answer.status_code == 302, text(answer)
        return LoanAgreement.objects.get(key=answer["Location"].split("/")[2])

    def in_force(self, agreement: LoanAgreement) -> Loan:
        path = f"/agreements/{agreement.key}/"
        assert post(self.ada, path, act="offer").status_code == 302
        assert post(self.bo, path, act="sign", **signature()).status_code == 302
        done = post(self.eve, path, act="countersign", **signature(name="Eve"))
        assert done.status_code == 302, text(done)
        return Loan.objects.get(agreement=agreement)

    def cut(self, loan: Loan, *cuts: tuple[str, str], order: int = 1) -> None:
        rows = {}
        for i, (number, weighs) in enumerate(cuts):
            rows |= {f"cuts.{i}.number": number, f"cuts.{i}.mass": weighs}
        done = post(self.ada, f"/loans/{loan.key}/orders/{order}/", kind="split", **rows)
        assert done.status_code == 302, text(done)

    def sent(self, loan: Loan, *samples: str, act: str = "pack", by: Client | None = None) -> Parcel:
        done = post(by or self.ada, f"/loans/{loan.key}/", act=act, samples=list(samples))
        assert done.status_code == 302, text(done)
        parcel = Parcel.objects.get(key=done["Location"].split("/")[2])
        done = post(by or self.ada, f"/parcels/{parcel.key}/", act="hand over", **HANDED)
        assert done.status_code == 302, text(done)
        return parcel
