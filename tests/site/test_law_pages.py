"""The law in the browser: its library, an instrument, what would I need, the answer as page, calendar and paper."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
from django.http import HttpResponse
from django.test import Client
from tests.lending import LOAN, WHOLE

from aliquot import eligibility, law_facts, law_read
from aliquot.law_text import NOT_LEGAL_ADVICE
from aliquot.site import documents
from aliquot.site.web import intake


def get(address: str, status: int = 200) -> HttpResponse:
    answer = Client().get(address)
    assert answer.status_code == status, answer.content
    return answer


def text(address: str, status: int = 200) -> str:
    return get(address, status).content.decode()


@pytest.mark.parametrize(
    "address",
    ["/law/", "/law/us/wolf/", "/law/eu/dual-use/", "/law/ask/", f"/law/ask/?{LOAN}", f"/law/answer/?{LOAN}", "/law/answer/"],
)  # fmt: skip
def test_every_page_of_the_law_says_that_it_is_no_legal_advice(address: str) -> None:
    assert NOT_LEGAL_ADVICE.en in text(address)
    assert NOT_LEGAL_ADVICE.zh in text(f"/zh-hans{address}")


def test_the_library_has_every_instrument_and_marks_those_that_nobody_researched() -> None:
    page = text("/law/")
    for key, each in law_read.load().instruments.items():
        assert f'href="/law/{key}/"' in page, key
        assert each.title.en.replace("'", "&#x27;") in page
    researched = sum(each.is_researched for each in law_read.load().instruments.values())
    assert (
        page.count('<span class="unknown">not researched</span>')
        == len(law_read.load().instruments) - researched
    )
    assert page.count("<path") > 20
    assert "The table behind this picture" in page


def test_an_instrument_shows_the_version_of_a_day() -> None:
    assert "What version FY2015 says" in text("/law/us/wolf/?on=2015-02-01")
    assert "What version FY2012 says" in text("/law/us/wolf/?version=FY2012")
    assert "What version FY2026 says" in text("/law/us/wolf/")
    assert "No version of it that is on file is of 2027-01-01." in text("/law/us/wolf/?on=2027-01-01")
    assert "No version of this name is on file." in text("/law/us/wolf/?version=FY1999")


@pytest.mark.parametrize("day", ["soon", "2024-02-30", "%00", "<b>"])
def test_a_day_that_is_none_is_said_beside_its_field(day: str) -> None:
    page = text(f"/law/us/wolf/?on={day}", status=400)
    assert 'id="on-fault"' in page
    assert "<b>" not in page


def test_two_versions_side_by_side_say_what_changed() -> None:
    page = text("/law/us/wolf/?left=FY2012&right=FY2026")
    assert re.search(
        r"Notice: 14 days ahead</td>.*Notice: 30 days ahead</td>.*<strong>changed</strong>", page
    )
    assert re.search(
        r"<td[^>]*>–</td><td[^>]*>it requires that: the FBI was consulted</td>.*<strong>added</strong>", page
    )
    assert "0 of " in text("/law/us/wolf/?left=FY2024&right=FY2024")
    assert "One of these versions is not on file." in text("/law/us/wolf/?left=FY2012&right=FY2099")


def test_parties_are_shown_with_their_days_and_whether_they_were_in() -> None:
    page = text("/law/un/moon-agreement/?on=2024-01-05")
    row = re.search(
        r"<tr><th scope=\"row\">Saudi Arabia.*?</tr>|<tr><th scope=\"row\">SA.*?</tr>", page, re.DOTALL
    )
    assert row
    assert "day not verified" in row[0]
    assert "not in" in row[0]


def test_what_is_not_on_file_is_not_found() -> None:
    get("/law/us/none/", status=404)
    get("/law/none/", status=404)


# -- asking ----------------------------------------------------------------------------------------------------


def asked(page: str) -> list[str]:
    """Return the keys that a page asks for, in its order."""
    return list(
        dict.fromkeys(
            re.findall(r'<input(?: id="\w+")? (?:type="radio" )?name="(\w+)"', page.split("<aside")[0])
        )
    )


def test_the_most_decisive_questions_come_first_a_few_at_a_time() -> None:
    law = law_read.load()
    sheet = law_facts.read({}, law.vocabulary)
    assert not isinstance(sheet, tuple)
    wanted = [each.key for each in eligibility.next_questions(sheet, law)]
    assert [key for key in asked(text("/law/ask/")) if key in wanted] == wanted[:3]


def test_going_on_with_any_answers_ends_with_nothing_more_to_ask() -> None:
    told: dict[str, str] = {}
    for _turn in range(40):
        page = get("/law/ask/", 200) if not told else Client().get("/law/ask/", told)
        boxes = page.context["boxes"]
        if not boxes:
            break
        for box in boxes:
            assert box.key not in told
            told[box.key] = {"date": "2025-01-15", "number": "12", "place": "FR", "text": "n/a"}.get(
                box.widget, box.choices[0].value
            )
    assert "No further answer can change this." in page.content.decode()


def test_not_known_is_an_answer_and_is_not_asked_again() -> None:
    law, told = law_read.load(), {}
    for key in law.vocabulary.questions:
        told[key] = "unknown"
    page = Client().get("/law/ask/", told).content.decode()
    assert "There is nothing more to ask." in page
    assert "acts_on" not in asked(text("/law/ask/?acts_on=unknown"))


def test_a_form_with_empty_answers_leads_to_the_address_to_keep() -> None:
    answer = get("/law/ask/?lender=cnsa&acts_on=&modality=&edit=lender", status=302)
    assert answer["Location"] == "/law/ask/?lender=cnsa"
    answer = get("/zh-hans/law/ask/?lender=&for=request:1", status=302)
    assert parse_qs(urlsplit(answer["Location"]).query) == {"for": ["request:1"]}


def test_two_answers_to_one_question_are_not_chosen_between() -> None:
    answer = Client().get("/law/ask/?acts_on=2024-02-01&acts_on=unknown", follow=True)
    assert answer.status_code == 422
    assert 'id="acts_on-faults"' in answer.content.decode()


def test_every_answer_can_be_changed() -> None:
    page = text(f"/law/ask/?{LOAN}&edit=lender")
    assert asked(page)[0] == "lender"
    assert re.search(r'name="lender" value="cnsa" checked', page)
    assert page.count('aria-label="Change: ') == 12  # ten answers, and two that follow from them


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ("counterparty_place=HK&counterparty_china=no", "counterparty_china"),
        ("funders=NSF&restricted_money=yes", "restricted_money"),
        ("loan_months=x", "loan_months"),
        ("acts_on=2024-02-30", "acts_on"),
        ("acts_on=2024-02-01 / unknown", "acts_on"),
        ("borrower_place=XX", "borrower_place"),
        ("lender=%3Cscript%3E", "lender"),
        ("collection=change5&asked_on=2012-01-01&act=borrow", "collection"),
        ("person_nationality=cn, zz", "person_nationality"),
        ("money_years=soon", "money_years"),
    ],
)
def test_a_fault_of_the_facts_stands_beside_its_question(told: str, key: str) -> None:
    page = text(f"/law/ask/?{told}", status=422)
    assert f'id="{key}-faults"' in page
    assert "<script>" not in page.split("</head>")[1].replace("<script src", "")
    assert "No answer while the facts contradict each other." in page
    assert get(f"/law/answer/?{told}", status=302)["Location"].startswith("/law/ask/?")


def test_a_parameter_that_is_no_question_is_named() -> None:
    assert "wether" in text("/law/ask/?wether=fine&lender=cnsa", status=422)


def test_answers_and_facts_are_the_same_thing_twice() -> None:
    words = law_read.load().vocabulary
    facts = {"funders": ["NASA", "ESA"], "money_years": [2024, 2025], "two_sided": True, "loan_months": 12,
             "acts_on": "2025-01-15", "borrower_place": "FR", "certificate_lodged_on": "n/a"}  # fmt: skip
    assert intake.facts(intake.texts(facts, words), words) == facts


# -- the answer ------------------------------------------------------------------------------------------------


def test_the_answer_says_who_must_do_what_by_which_day() -> None:
    page = text(f"/law/answer/?{WHOLE}")
    assert "<h1>Permitted on condition</h1>" in page
    assert '<time datetime="2024-12-16">2024-12-16</time>' in page
    assert "(a), (c), (d)" in page
    assert "version FY2025" in page
    assert "the act binds the President&#x27;s diplomacy too" in page
    assert page.count("sha256:") >= 24


def test_what_is_missing_is_told_with_what_each_answer_leads_to() -> None:
    page = text(f"/law/answer/?{WHOLE}".replace("approved=yes", "approved=unknown"))
    assert re.search(r"Has the lender approved the request\?.*?yes</span>.*?permitted.*?no</span>.*?permitted on condition",
                     page, re.DOTALL)  # fmt: skip
    assert "edit=approved" in page


def test_the_tree_says_of_each_sentence_whether_it_holds() -> None:
    page = text(f"/law/answer/?{WHOLE}")
    assert re.search(r"law-tree__value--yes\">yes</span> the dealing is two-sided", page)
    assert re.search(r"law-tree__value--no\">no</span> the certificate was lodged in time", page)


def test_in_chinese_the_answer_is_chinese() -> None:
    page = text(f"/zh-hans/law/answer/?{LOAN}")
    assert "美国年度拨款法对 NASA 与中国双边往来的限制" in page
    tree = re.findall(r'<ul class="law-tree">.*?</ul>', page, re.DOTALL)
    english = [
        line for line in re.findall(r">([^<>]+)<", " ".join(tree)) if re.match(r"[A-Za-z ]{20,}", line)
    ]
    assert english == []


def test_the_calendar_has_the_last_good_day_and_is_the_same_twice() -> None:
    first, second = (get(f"/law/answer/conditions.ics?{WHOLE}") for _ in range(2))
    assert first.content == second.content
    assert first["Content-Type"].startswith("text/calendar")
    assert b"DTSTART;VALUE=DATE:20241216" in first.content
    assert b"DTSTAMP:20241101T000000Z" in first.content


@pytest.mark.skipif(bool(documents.lacking()), reason="this machine cannot print")
def test_the_answer_is_printed() -> None:
    body = get(f"/law/answer/answer.pdf?{WHOLE}").content
    document = pypdfium2.PdfDocument(body)
    words = " ".join("".join(page.get_textpage().get_text_range() for page in document).split())
    assert "Permitted on condition" in words
    assert "2024-12-16" in words
    assert "Not legal advice." in words


def test_nobody_is_offered_to_keep_a_screening_who_may_not() -> None:
    assert "Keep this screening" not in text(f"/law/answer/?{WHOLE}")


def test_the_facts_that_are_shown_repeat_the_answer() -> None:
    page = get(f"/law/answer/?{WHOLE}")
    law = law_read.load()
    sheet = law_facts.read(json.loads(page.context["facts_json"]), law.vocabulary)
    assert not isinstance(sheet, tuple)
    assert sheet.sha256 == page.context["replay"]["facts"]
    assert eligibility.screen(sheet, law).overall == page.context["answer"].overall
