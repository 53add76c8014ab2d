"""Letters of decision: to whom they are shown, what they say, that they stay as they were issued."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.site import deciding
from tests.site.deciding import DEFER, GRANT, MG, OVER, REFUSE, Round, a_round, decided

from aliquot.decisions import Outcome
from aliquot.site import letter_text
from aliquot.site.models import Letter, LetterText, Person, ReviewerProfile, Role
from aliquot.site.operations import decisions, requests

Browser = Callable[[Person], Client]


@pytest.fixture
def it(db: None) -> Round:
    return a_round()


def letter(client: Client, it: Round, *, language: str = "", query: str = "", status: int = 200) -> str:
    answer = client.get(f"{language}/requests/{it.request.key}/letter/{query}")
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def _body(page: str) -> str:
    return page.partition("<article")[2].partition("</article>")[0]


def test_a_letter_tells_what_is_granted_with_its_reasons_and_what_comes_next(
    it: Round, signed_in: Browser
) -> None:
    it.rules(appeal_days=30)
    less = replace(GRANT, outcome=Outcome.CONDITION, granted_ng=(30 * MG,), conditions=("A second safe.",))
    decided(it, less)
    shown = letter(signed_in(it.bo), it)
    for words in (
        "Your request is granted on condition.", "P-1", "50 mg", "30 mg", "set aside for you", "A second safe.", "within 10 working days",
        "15 April 2027", "runs for 12 months", "The best of the round.", "Committee, 1 April 2027: granted on condition",
        "Agency, 1 April 2027", "within 30 days: until 1 May 2027, 00:20 (Asia/Shanghai)", "Brown University", "Review 1", "New.",
        "the text is as it was issued",
    ):  # fmt: skip
        assert words in shown, words
    assert "Cy" not in shown, "the policy does not name reviewers"


def test_a_refusal_tells_what_would_have_been_needed_and_whether_one_can_ask_again(
    it: Round, signed_in: Browser
) -> None:
    decided(it, REFUSE)
    shown = letter(signed_in(it.bo), it)
    for words in ("Your request is not granted.", "A test on a tenth of the mass.", "Too much is used up.", "knows no appeal",
                  "ask for the same samples again in a later call"):  # fmt: skip
        assert words in shown, words


def test_a_deferral_tells_what_is_needed_and_the_next_round_gets_its_own_letter(
    it: Round, signed_in: Browser
) -> None:
    decided(it, DEFER)
    bo = signed_in(it.bo)
    shown = letter(bo, it)
    assert "is deferred" in shown
    assert "A certificate of the agency." in shown
    requests.move(it.request, "resume", reason="It is there.", by=it.hal, at=OVER)
    assert "is deferred" in letter(bo, it), "what was told stays told"
    decided(it, GRANT)
    shown = letter(bo, it)
    assert "you get all that you asked for" in shown
    assert "Earlier letters" in shown
    assert "is deferred" in letter(bo, it, query="?round=1&kind=decision")
    for wrong in ("?round=9&kind=decision", "?round=%00", "?kind='"):
        letter(bo, it, query=wrong, status=404)


def test_there_is_no_letter_before_the_last_level_has_spoken(it: Round, signed_in: Browser) -> None:
    decided(it, GRANT, levels=("committee", "centre"))
    for person in (it.bo, it.hal, it.ada):
        letter(signed_in(person), it, status=404)
        assert signed_in(person).get(f"/requests/{it.request.key}/letter.pdf").status_code == 404


def test_only_the_applicants_and_those_who_see_the_whole_field_read_it(it: Round, signed_in: Browser) -> None:
    decided(it, GRANT)
    other = deciding.somebody("Other", Role.REQUESTER)
    for person in (other, it.cy, it.ivy, deciding.somebody("Di")):
        letter(signed_in(person), it, status=404)
        assert signed_in(person).get(f"/requests/{it.request.key}/letter.pdf").status_code == 404
    it.request.members.create(person=other, by=it.bo, at=OVER)
    for person in (it.bo, other, it.ada, it.hal, it.eve):
        letter(signed_in(person), it)
    assert Client().get(f"/requests/{it.request.key}/letter/").status_code == 302


def test_a_chair_of_the_same_institution_does_not_read_what_its_reviews_say(
    it: Round, signed_in: Browser
) -> None:
    decided(it, GRANT)
    letter(signed_in(it.hal), it)
    ReviewerProfile.objects.filter(person=it.hal).update(institutions=["05gq02987"])
    letter(signed_in(it.hal), it, status=404)


def test_it_is_issued_in_both_languages_and_printed(it: Round, signed_in: Browser) -> None:
    decided(it, replace(GRANT, outcome=Outcome.REDUCE, granted_ng=(20 * MG,)))
    bo = signed_in(it.bo)
    assert sorted(it.request.letters.values_list("language", flat=True)) == ["en", "zh-hans"]
    chinese = letter(bo, it, language="/zh-hans")
    assert "Your request is granted in part." not in chinese
    assert "2027年4月1日" in chinese
    papers = [bo.get(f"{at}/requests/{it.request.key}/letter.pdf") for at in ("", "/zh-hans", "")]
    assert [paper.content[:4] for paper in papers] == [b"%PDF"] * 3
    assert papers[0].content == papers[2].content, "printed again it is the same"
    assert papers[0]["Cache-Control"] == "no-store"


def test_it_stays_as_it_was_issued_whatever_changes_later(it: Round, signed_in: Browser) -> None:
    decided(it, GRANT)
    bo = signed_in(it.bo)
    before = letter(bo, it)
    it.request.reviews.update(reasons={"merit": "Changed."})
    it.rules(appeal_days=90, working_days_to_sign=1)
    assert _body(letter(bo, it)) == _body(before)
    row = it.request.letters.get(language="en")
    assert letter_text.sha256(row.text.blocks) == row.sha256
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Letter.objects.filter(pk=row.pk).update(sha256="0" * 64)
    LetterText.objects.filter(letter=row).update(blocks=[{"kind": "h1", "text": "Forged"}])
    assert "the text is as it was issued" not in letter(bo, it)


def test_a_text_that_was_forgotten_leaves_its_hash(it: Round, signed_in: Browser) -> None:
    decided(it, GRANT)
    row = it.request.letters.get(language="en")
    LetterText.objects.filter(letter=row).delete()
    shown = letter(signed_in(it.bo), it)
    assert row.sha256 in shown
    assert "Brown University" not in shown
    assert signed_in(it.bo).get(f"/requests/{it.request.key}/letter.pdf").status_code == 404


def test_an_appeal_that_fails_is_told_by_a_letter(it: Round, signed_in: Browser) -> None:
    it.rules(appeal_days=30)
    decided(it, REFUSE)
    requests.move(it.request, "appeal", reason="Read page 3.", by=it.bo, at=OVER + timedelta(days=2))
    decisions.uphold(it.request, reason="Page 3 changes nothing.", by=it.eve, at=OVER + timedelta(days=9))
    shown = letter(signed_in(it.bo), it)
    for words in (
        "Your appeal",
        "The decision of 1 April 2027 stands.",
        "Page 3 changes nothing.",
        "this decision is final",
    ):
        assert words in shown, words
    assert "Earlier letters" in shown


def test_where_the_policy_names_reviewers_the_letter_does(it: Round, signed_in: Browser) -> None:
    it.rules(reviewers_named=True)
    decided(it, REFUSE)
    assert "Cy" in letter(signed_in(it.bo), it)


def test_a_line_that_asks_for_a_kind_is_told_as_one(it: Round, signed_in: Browser) -> None:
    line = deciding.A_LINE | {"sample": "", "kind": "basalt", "alternatives": []}
    other = it.another(lines=[line])
    decided(it, GRANT, request=other)
    it.requests.reverse()
    shown = letter(signed_in(it.bo), it)
    assert "any of kind basalt" in shown
    assert "set aside for you" not in shown


def test_who_is_turned_away_before_review_gets_a_letter_too(
    ada: Person, bo: Person, cy: Person, eve: Person, signed_in: Browser
) -> None:
    deciding.sharing.store()
    call = deciding.a_call(ada)
    row, _ = deciding.a_request(call, bo)
    deciding.calls.move(call, "close", by=ada, at=OVER)
    requests.move(row, "turn away", reason="It asks for another collection.", by=eve, at=OVER)
    assert Letter.objects.filter(request=row, kind="screened").count() == 2
    client = signed_in(bo)
    assert f'href="/requests/{row.key}/letter/"' in client.get(f"/requests/{row.key}/").text
    shown = _body(client.get(f"/requests/{row.key}/letter/").text)
    for words in (
        "Your request does not go to review.",
        "It asks for another collection.",
        "You can ask in a later call",
    ):
        assert words in shown
    assert "appeal" not in shown
    chinese = _body(client.get(f"/zh-hans/requests/{row.key}/letter/").text)
    assert "go to review" not in chinese
    assert "It asks for another collection." in chinese
    assert client.get(f"/requests/{row.key}/letter.pdf").content.startswith(b"%PDF")
    assert signed_in(cy).get(f"/requests/{row.key}/letter/").status_code == 404
