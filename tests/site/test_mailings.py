"""E-mails go out once: through a real mail server, which refuses, hangs up and kills, and by several workers at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.site.mail_server import Taken, ended, in_a_process, listening

from aliquot import notices
from aliquot.site.models import Mailing, Notice, Person
from aliquot.site.operations import mailings
from aliquot.site.operations import notices as operations
from aliquot.site.operations.notices import tell
from aliquot.site.post import SMTP

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
State = Mailing.State


@pytest.fixture
def server(settings: object) -> Iterator[Taken]:
    """A mail server, and settings that lead to it."""
    with listening() as (taken, port):
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield taken


def told(person: Person, occasion: str = "one", kind: str = "call-asked", at: datetime = NOW) -> None:
    tell(kind, {person.pk}, subject="call:ab12", occasion=occasion, at=at, call="call:ab12")


def sent(at: datetime = NOW) -> mailings.Sent:
    mailings.gather(at=at)
    return mailings.send(lambda: at)


def states() -> list[str]:
    return list(Mailing.objects.order_by("pk").values_list("state", flat=True))


def test_a_letter_goes_out_once_and_says_what_it_is(server: Taken, ada: Person) -> None:
    told(ada)
    assert (sent().sent, sent().sent, sent(NOW + timedelta(days=9)).sent) == (1, 0, 0)
    [letter] = server.letters
    assert letter["To"] == "ada@example.org"
    assert letter["Subject"] == "A question: call:ab12"
    assert letter["Message-ID"] == f"<{Mailing.objects.get().key}@localhost>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "en"
    assert "Dear Ada," in letter.get_content()


@pytest.mark.parametrize(
    ("answers", "state", "counts"),
    [
        (["450 try later"], State.WAITING, (0, 1, 0)),
        (["550 nobody of that name"], State.FAILED, (0, 0, 1)),
    ],
)
def test_what_the_server_says_of_a_reader_decides(
    server: Taken, ada: Person, answers: list[str], state: str, counts: tuple[int, int, int]
) -> None:
    server.at_recipient = answers
    told(ada)
    done = sent()
    assert (done.sent, done.later, done.failed) == counts
    assert states() == [state]
    assert server.letters == []
    assert answers_of() == [("450 try later" if counts[1] else "550 nobody of that name")]


def answers_of() -> list[str]:
    return list(Mailing.objects.values_list("said", flat=True))


def test_a_letter_that_is_refused_for_now_is_tried_ever_more_rarely_and_then_given_up(
    server: Taken, ada: Person
) -> None:
    server.at_letter = ["451 not now"] * 20
    told(ada)
    at, tries = NOW, 0
    while states() in ([], [State.WAITING]):
        sent(at)
        tries += 1
        at = Mailing.objects.get().due_at
    assert tries == len(notices.WAITS) + 1
    assert states() == [State.FAILED]
    assert at - NOW < timedelta(days=5)


def test_a_letter_that_was_refused_for_now_keeps_its_name_when_it_is_taken(
    server: Taken, ada: Person
) -> None:
    server.at_letter = ["451 not now"]
    told(ada)
    assert sent().later == 1
    assert sent(NOW + timedelta(minutes=4)).sent == 0
    assert sent(NOW + timedelta(minutes=6)).sent == 1
    assert server.identifiers == [f"<{Mailing.objects.get().key}@localhost>"]


def test_a_server_that_cannot_be_reached_counts_against_no_letter(settings: object, ada: Person) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1
    told(ada)
    told(ada, "two")
    for _ in range(12):
        done = sent()
        assert "refused" in done.unreachable
    assert set(Mailing.objects.values_list("state", "tries")) == {(State.WAITING, 0)}


def test_whether_a_letter_was_taken_is_unsure_where_the_line_breaks_before_the_answer(
    server: Taken, ada: Person, eve: Person
) -> None:
    server.hang_up_at = "letter"
    told(ada)
    told(eve)
    done = sent()
    assert (done.sent, done.unsure) == (1, 1)
    assert states() == [State.UNSURE, State.SENT]
    assert sent(NOW + timedelta(days=30)).sent == 0
    assert len(set(server.identifiers)) == len(server.letters) == 2


def test_a_line_that_breaks_before_the_letter_is_given_is_begun_anew(server: Taken, ada: Person) -> None:
    server.hang_up_at = "recipient"
    told(ada)
    assert sent().later == 1
    assert sent(NOW + timedelta(minutes=6)).sent == 1
    assert len(server.letters) == 1


def test_a_director_sends_again_what_is_unsure_under_the_same_name(server: Taken, ada: Person) -> None:
    server.hang_up_at = "letter"
    told(ada)
    sent()
    row = Mailing.objects.get()
    assert mailings.send_again(row.pk, at=NOW)
    assert not mailings.send_again(row.pk, at=NOW)
    assert sent().sent == 1
    assert len(server.letters) == 2
    assert len(set(server.identifiers)) == 1
    assert not mailings.leave(row.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("where", "at_once", "after"), [("recipient", 0, 1), ("letter", 1, 1)])
def test_a_worker_that_is_killed_loses_and_doubles_nothing(
    server: Taken, a_person: Callable[..., Person], where: str, at_once: int, after: int
) -> None:
    ada = a_person("Ada")
    told(ada)
    mailings.gather(at=NOW)
    server.kill_at = where
    server.worker = in_a_process(lambda: mailings.send(lambda: NOW))
    server.known.set()
    assert ended(server.worker) == -9
    assert len(server.letters) == at_once
    # While its lease runs nobody touches the letter; then it is begun anew, or known to be unsure.
    assert sent(NOW + timedelta(minutes=1)).sent == 0
    done = sent(NOW + timedelta(minutes=11))
    assert (done.sent, done.unsure) == (after - at_once, at_once)
    assert len(server.letters) == after
    assert states() == [State.UNSURE if at_once else State.SENT]


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_send_each_letter_once(
    server: Taken, a_person: Callable[..., Person]
) -> None:
    people = [a_person(name) for name in ("Ada", "Bo", "Cy")]
    for n in range(5):
        for person in people:
            told(person, f"number {n}")

    def work() -> None:
        mailings.gather(at=NOW)
        mailings.send(lambda: NOW)

    children = [in_a_process(work) for _ in range(3)]
    assert [ended(child) for child in children] == [0, 0, 0]
    assert len(server.letters) == len(set(server.identifiers)) == 15
    assert states() == [State.SENT] * 15
    assert not Notice.objects.filter(mailing=None).exists()


def test_a_worker_whose_lease_has_run_out_sends_nothing(server: Taken, ada: Person) -> None:
    told(ada)
    mailings.gather(at=NOW)
    slow = mailings._claim("slow", NOW)
    quick = mailings._claim("quick", NOW + timedelta(minutes=11))
    assert slow is not None
    assert quick is not None
    with mailings.Post() as post:
        assert mailings._attempt(post, slow, "slow").end is mailings.End.NOT_OURS
        assert mailings._attempt(post, quick, "quick").end is mailings.End.SENT
    assert len(server.letters) == 1


# --- Digests and languages -----------------------------------------------------------------------------------


def test_a_digest_brings_together_what_was_not_read_meanwhile(server: Taken, ada: Person) -> None:
    operations.choose(ada, {"call-asked": "daily"}, language="zh-hans", zone="Asia/Shanghai")
    for n in range(3):
        told(ada, f"number {n}")
    operations.mark_read(ada, [Notice.objects.get(occasion="number 1").pk], at=NOW)
    assert sent(NOW + timedelta(hours=13)).sent == 0  # it is 6 in the morning of the next day there
    assert sent(NOW + timedelta(hours=14)).sent == 1
    [letter] = server.letters
    assert letter["Content-Language"] == "zh-Hans"
    assert letter.get_content().count("call:ab12") == 4  # a line with each subject, one with each text
    assert "/zh-hans/account/notices/" in letter.get_content()
    assert Notice.objects.get(occasion="number 1").silent


def test_what_somebody_does_not_want_is_shown_and_not_sent(server: Taken, ada: Person) -> None:
    operations.choose(ada, {"call-asked": "never"}, language="en", zone="UTC")
    told(ada)
    assert sent().sent == 0
    assert Notice.objects.filter(person=ada, read_at=None).count() == 1
    operations.choose(ada, {"call-asked": "at once"}, language="en", zone="UTC")
    assert sent().sent == 0  # what was not wanted then does not come later


def test_a_letter_that_is_not_obligatory_says_how_to_have_no_more(
    server: Taken, settings: object, ada: Person
) -> None:
    settings.SITE_URL = "https://moon.example.org"
    told(ada)
    tell("call-cancelled", {ada.pk}, subject="call:ab12", occasion="x", at=NOW, call="call:ab12")
    sent()
    free, bound = server.letters
    assert free["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(free["List-Unsubscribe"]).strip().startswith("<https://moon.example.org/unsubscribe/")
    assert bound["List-Unsubscribe"] is None
    assert str(bound["Message-ID"]).endswith("@moon.example.org>")


def test_whoever_is_no_longer_here_gets_nothing(server: Taken, ada: Person, bo: Person) -> None:
    told(ada)
    told(bo)
    mailings.gather(at=NOW)
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    told(ada, "later")
    sent()
    assert [str(letter["To"]) for letter in server.letters] == ["bo@example.org"]
    assert Notice.objects.filter(person=ada).count() == 1


def test_a_title_with_line_ends_and_commands_stays_one_subject(server: Taken, ada: Person) -> None:
    tell(
        "call-asked",
        {ada.pk},
        subject="call:x",
        occasion="x",
        at=NOW,
        call="Title\r\nBcc: all@example.org\r\n\r\n.",
    )
    assert sent().sent == 1
    [letter] = server.letters
    assert letter["Bcc"] is None
    assert letter["Subject"] == "A question: Title Bcc: all@example.org ."
