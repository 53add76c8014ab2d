"""A loan of Chang'e-5 material to a US university on NASA money, asked in time for the agency's certificate."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2024, 11, 1, 9, 0, tzinfo=UTC)
SUBJECT = "request:2026-1/17"
FACTS = {
    "asked_on": "2024-11-01", "acts_on": "2025-01-15", "act": "borrow", "modality": "research_loan",
    "collection": "change5", "lender": "cnsa", "borrower_place": "US", "counterparty_place": "CN",
    "funders": ["NASA"], "money_years": [2025], "two_sided": True, "off_the_shelf": False,
    "official_visitor_hosted": False, "later_law": False, "certificate_lodged_on": "n/a", "held_in_us": False,
    "approved": True, "agreement_signed": True, "loan_months": 12, "nasa_prc_agreement": False,
    "recovered_commercially": False, "nasa_site_access": False,
}  # fmt: skip
# The same as the address of the form.
LOAN = (
    "asked_on=2024-11-01&acts_on=2025-01-15&modality=research_loan&collection=change5&lender=cnsa&borrower_place=US"
    "&counterparty_place=CN&funders=NASA&money_years=2025&two_sided=yes"
)
WHOLE = (
    LOAN
    + "&off_the_shelf=no&official_visitor_hosted=no&later_law=no&certificate_lodged_on=n/a&nasa_prc_agreement=no"
    "&approved=yes&agreement_signed=yes&loan_months=12&held_in_us=no&recovered_commercially=no&nasa_site_access=no"
)
