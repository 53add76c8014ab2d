"""What the reading desk finds in a sentence: the examples of each family, and the same things said otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot import register
from aliquot.reading import desk, documents, extraction, judging, known
from aliquot.reading.claims import PREDICATES, Claim, Example, shown
from aliquot.reading.documents import Document
from aliquot.reading.marks import Quantity

ARTICLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "articles"
EXAMPLES = [
    pytest.param(each, id=f"{family.__name__.rpartition('.')[2]}-{number}")
    for family in extraction.FAMILIES
    for number, each in enumerate(family.EXAMPLES)
]
# A lead that says what is spoken of, and sentences of other families that would be noise in an example.
SILENT = {"landing_side", "returned_on", "mission_planned"}


@pytest.fixture(scope="module")
def record() -> judging.Register:
    return judging.Register(register.load())


def claims(text: str) -> list[str]:
    return [shown(claim) for _, claim in extraction.read(text)[2]]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_grammar_makes_its_claims(example: Example) -> None:
    assert set(example.claims) == set(claims(example.text))


# Said otherwise than in the examples; each line is a sentence and all that it claims.
PARAPHRASES = [
    ("The 1,731 grams of lunar soil that Chang'e-5 hauled home are kept in Beijing.", ["returned_mass(CE-5) 1731 g"]),
    ("Nearly 842 pounds (382 kilograms) of Moon rock came back with the Apollo crews.", ["total_returned(Apollo) 382000 g"]),
    ("Luna 24 drilled and returned 170 grams of soil in August 1976.", ["returned_mass(Luna 24) 170 g", "returned_on(Luna 24) 1976-08"]),
    ("Chang'e 5 and Chang'e 6 together brought 3,666.3 grams of samples to Earth.", ["total_returned(CE) 3666.3 g"]),
    ("Apollo 11, which landed on 20 July 1969, returned 21.6 kg of rock and soil.", ["returned_mass(Apollo 11) 21600 g", "landed_on(Apollo 11) 1969-07-20"]),
    ("In February 2022 China presented Russia with 1.5 grams of lunar soil.", ["gift(CN, RU) 1.5 g 2022-02"]),
    ("The Russian president received a gift of 1.5 grams of lunar soil from Xi Jinping.", ["gift(CN, RU) 1.5 g"]),
    ("A sample of Chang'e 5 soil was donated to France by China in April 2023.", ["gift(CN, FR) 2023-04"]),
    ("Scientists from Germany, Japan and Britain have been given access to the Chang'e-5 samples.", ["loan_granted(CN, DE)", "loan_granted(CN, JP)", "loan_granted(CN, GB)"]),
    ("Of 85 applications for the first batch of Chang'e 5 samples, 31 were approved.", ["applicants(CN, applications) 85 count", "granted(CN, applications) 31 count"]),
    ("Malta's Apollo 17 moon rock was stolen from a museum in 2004.", ["lost(MT) 2004"]),
    ("The rocks from Chang'e 6 are roughly 2.8 billion years old.", ["age(CE-6) 2800 Ma"]),
    ("Under the Wolf Amendment NASA may not work with China without authorisation from Congress.", ["law_effect(Wolf Amendment, bars unless authorised)"]),
    ("India will launch Chandrayaan-4 in 2027 to fetch lunar samples.", ["mission_planned(Chandrayaan-4) 2027"]),
    ("Apollo 17 landete am 11. Dezember 1972 auf dem Mond.", ["landed_on(Apollo 17) 1972-12-11"]),
    ("Chang'e 6 brachte 1935,3 Gramm Mondgestein zur Erde.", ["returned_mass(CE-6) 1935.3 g"]),
    ("En avril 2023, la Chine a offert 1,5 gramme de sol lunaire à la France.", ["gift(CN, FR) 1.5 g 2023-04"]),
    ("2022年2月4日,中国将1.5克嫦娥五号月壤赠送给俄罗斯。", ["gift(CN, RU) 1.5 g 2022-02-04"]),
    ("嫦娥六号于2024年6月25日返回地球,带回1935.3克月壤。", ["returned_mass(CE-6) 1935.3 g", "returned_on(CE-6) 2024-06-25"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), PARAPHRASES)
def test_the_same_thing_said_otherwise_is_the_same_claim(text: str, wanted: list[str]) -> None:
    assert set(wanted) == set(claims(text))


@pytest.mark.parametrize(
    "text",
    [
        "Washington put tariffs of 245 percent on goods from China, and trade passed 700 billion dollars.",
        "Hayabusa2 brought 5.4 grams of asteroid Ryugu back to Earth in December 2020.",
        "The sharing of lunar samples by China is welcome.",
        "Visitors paid 20 dollars and saw 300 meteorites in the museum.",
        "The relay satellite keeps up communication with the far side of the Moon.",
        "NASA's 5G test on the Moon weighed little.",
        "These are the first samples brought from the Moon in 44 years.",
        "这件器皿高38.44厘米,宽22.89厘米。",
    ],
)
def test_what_is_not_about_returned_samples_is_no_claim(text: str) -> None:
    assert claims(text) == []


def test_what_a_sentence_leaves_out_comes_from_its_neighbours() -> None:
    text = "Chang'e 5 was sent to the Moon. The probe brought 1,731 grams of soil home. In 2022 China gave 1.5 grams of it, lunar soil, to Russia. A year later Russia gave China 1.5 grams of lunar soil in return."
    assert claims(text) == [
        "returned_mass(CE-5) 1731 g",
        "gift(CN, RU) 1.5 g 2022",
        "gift(RU, CN) 1.5 g 2023",
    ]


def test_a_day_without_a_year_is_the_nearest_past_one_of_the_date_line() -> None:
    said = "Chang'e 6 returned to Earth with lunar samples on {}."
    assert claims("5 July 2024\n" + said.format("June 25")) == ["returned_on(CE-6) 2024-06-25"]
    assert claims("5 March 2025\n" + said.format("25 June")) == ["returned_on(CE-6) 2024-06-25"]
    assert claims("Thursday, 27 June 2024\n" + said.format("Tuesday")) == ["returned_on(CE-6) 2024-06-25"]
    assert claims(said.format("Tuesday")) == []


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("Chang'e 5's rocks are believed to be 2 billion years old.", "reported"),
        ("China will give 1 gram of lunar soil to Pakistan in 2027.", "planned"),
        ("The United States and China never exchanged lunar samples.", "denied"),
        ("China gave 1.5 grams of lunar soil to France in 2023.", "asserted"),
    ],
)
def test_how_a_thing_is_said_is_told_apart(text: str, hedge: str) -> None:
    assert {claim.hedge for _, claim in extraction.read(text)[2]} == {hedge}


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parent / "articles").glob("*.txt")), ids=lambda path: path.stem
)
def test_an_article_makes_the_claims_that_stand_below_its_lines(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("    "))
    assert claims(text) == [line.strip() for line in lines if line.startswith("    ")]


# --- Against the record -------------------------------------------------------------------------------------

VERDICTS = [
    ("Chang'e 5 brought back about 1.7 kilograms of rock.", "supported", ""),
    ("Chang'e 5 brought back 2.5 kilograms of rock.", "contradicted", "too much"),
    ("On 17 December 2020 Chang'e 5 returned to Earth with lunar samples.", "supported", ""),
    ("On 16 December 2020 Chang'e 5 returned to Earth with lunar samples.", "supported", ""),
    ("On 3 December 2020 Chang'e 5 returned to Earth with lunar samples.", "contradicted", "lift-off"),
    ("Chang'e 5 collected lunar samples on 2 December 2020.", "supported", ""),
    ("In April 2022 China gave 1.5 grams of lunar soil to Russia.", "contradicted", "2 months earlier"),
    ("In 2022 China gave 1.5 grams of lunar soil to Russia.", "supported", ""),
    ("In 2022 China gave 1.5 grams of lunar soil to Kenya.", "not_in_register", ""),
    ("China has lent Chang'e 5 samples to scientists in Ethiopia.", "contradicted", "France, Germany, Japan"),
    ("China has lent Chang'e 5 samples to scientists in Japan.", "supported", ""),
    ("China rejected a request by NASA for lunar samples in November 2024.", "contradicted", "refuted"),
    ("The United States and China never exchanged lunar samples.", "supported", "no exchange"),
    ("The Chang'e 5 samples are younger than those of Apollo.", "too_vague", ""),
    ("China plans to launch Chang'e 8 in 2028.", "not_in_register", ""),
    ("A 2011 US law forbids NASA to cooperate with China in any way.", "contradicted", "certifies"),
    ("Chang'e 6 was the first mission to bring samples from the far side.", "supported", ""),
    ("India became the third country to bring lunar samples back to Earth.", "contradicted", ""),
    ("Over 380 kilograms of Moon rock were brought home by Apollo.", "supported", ""),
    ("Over 400 kilograms of Moon rock were brought home by Apollo.", "contradicted", ""),
]


@pytest.mark.parametrize(("text", "verdict", "why"), VERDICTS)
def test_a_claim_is_held_against_the_record(
    record: judging.Register, text: str, verdict: str, why: str
) -> None:
    found = desk.read(Document("x", text), record).findings
    said = {each.judgement.verdict.value: each.judgement for each in found}
    assert verdict in said, [desk.shown(each) for each in found]
    assert why in said[verdict].because


def test_a_verdict_comes_with_the_quote_and_the_facts_it_rests_on(record: judging.Register) -> None:
    text = "  " + "  ".join(text for text, *_ in VERDICTS)
    for finding in desk.read(Document("x", text), record).findings:
        assert text[finding.sentence.start : finding.sentence.end] == finding.sentence.quote
        rests = finding.judgement.verdict.value in ("supported", "contradicted")
        assert bool(finding.judgement.facts) is rests
        for key in finding.judgement.facts:
            assert register.lookup(record.record, key), key
        assert finding.judgement.because
        assert "\n" not in finding.judgement.because


def test_what_the_record_says_it_supports(record: judging.Register) -> None:
    """Each fact, said as it is in the record, is supported, unless a better source says otherwise; nothing stops the desk."""
    for fact in known.facts(register.load()):
        if fact.predicate == "event":
            continue
        day = fact.on.first.isoformat() if fact.on.first and fact.on.first == fact.on.last else ""
        quantity = None if fact.value is None else Quantity(fact.value, fact.unit)
        claim = Claim(
            fact.predicate, fact.subject, fact.object, quantity, day, is_collected=fact.is_collecting
        )
        judged = judging.judge(record, claim)
        assert judged.verdict.value in ("supported", "contradicted"), (claim, judged)
        if fact.state != "refuted" and fact.grade < "C":
            assert judged.verdict.value == "supported" or len(record.of(fact.predicate)) > 1, (claim, judged)


def test_every_fact_has_the_slots_of_a_claim() -> None:
    for fact in known.facts(register.load()):
        assert fact.predicate in {*PREDICATES, "event"}
        assert fact.subject
        assert fact.sources


@given(
    st.text(
        st.sampled_from(
            "Chang'e-5 Apol17 1,.%\n 克月2020年日\"“brought back gave to 中国France grams Moon (;"
        )
    )
)
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_to_the_end_with_quotes_in_their_place(text: str) -> None:
    first, again = extraction.read(text), extraction.read(text)
    assert first == again
    for sentence, _ in first[2]:
        assert text[sentence.start : sentence.end] == sentence.quote


# --- The articles -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gold() -> list[dict[str, object]]:
    if not ARTICLES.is_dir():
        pytest.skip("the shared data are not here")
    return [json.loads(line) for line in (ARTICLES / "gold.jsonl").read_text("utf-8").splitlines()]


def _read(name: str, record: judging.Register) -> list[dict[str, object]]:
    document = documents.document(name, (ARTICLES / name).read_bytes())
    assert isinstance(document, Document)
    return desk.plain(desk.read(document, record))["claims"]  # type: ignore[return-value]


def _contradicted(found: Iterable[dict[str, object]]) -> list[tuple[object, ...]]:
    return [(c["predicate"], c["subject"]) for c in found if c["verdict"] == "contradicted"]


def test_the_articles_give_the_contradictions_that_are_known(
    gold: list[dict[str, object]], record: judging.Register
) -> None:
    found = {
        str(each["file"])[:8]: _contradicted(_read(str(each["file"]), record))
        for each in gold
        if str(each["file"]).startswith("seed")
    }
    assert found == {
        "seed-000": [("gift", "CN"), ("law_effect", "Wolf Amendment"), ("applicants", "CN")],
        "seed-001": [],
        "seed-002": [("rank", "US"), ("loan_requested", "US"), ("loan_refused", "CN")],
        "seed-003": [("returned_mass", "CE-5"), ("returned_on", "CE-5")],
        "seed-004": [],
    }


def test_what_readers_found_in_the_articles_is_found(
    gold: list[dict[str, object]], record: judging.Register
) -> None:
    asked, met, right = 0, 0, 0
    for each in gold:
        found = _read(str(each["file"]), record)
        for wanted in each["claims"]:  # type: ignore[attr-defined]
            if wanted.get("optional"):
                continue
            asked += 1
            same = [
                c for c in found if c["quote"] == wanted["quote"] and c["predicate"] == wanted["predicate"]
            ]
            met += bool(same)
            right += any(c["verdict"] in (wanted["verdict"], *wanted.get("also", ())) for c in same)
    assert met >= 0.95 * asked
    assert right >= 0.95 * met


def test_every_fact_of_the_core_is_in_the_record() -> None:
    path = ARTICLES / "facts.jsonl"
    if not path.is_file():
        pytest.skip("the shared data are not here")
    facts = known.facts(register.load())
    for line in path.read_text("utf-8").splitlines():
        wanted = json.loads(line)
        if wanted["predicate"] == "event":
            continue  # background: kept as other statements of the record
        same = [
            fact
            for fact in facts
            if fact.predicate == wanted["predicate"]
            and fact.subject == wanted["subject"]
            and wanted.get("object") in (None, fact.object)
            and (fact.state == "refuted") is (wanted.get("state") == "refuted")
            and (
                "value" not in wanted
                or (
                    fact.value is not None
                    and abs(float(fact.value) - wanted["value"]) < 0.001 * wanted["value"]
                )
            )
        ]
        assert same, wanted
