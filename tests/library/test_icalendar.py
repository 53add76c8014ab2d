"""Days that must be kept, as a calendar file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aliquot.icalendar import Appointment, Task, appointments, calendar

STAMP = date(2024, 11, 1)


def test_a_task_with_a_day_is_an_event_of_that_day_and_one_without_is_a_to_do() -> None:
    made = calendar([Task("Lodge; soon", "A, b", date(2024, 12, 16)), Task("Sign", "")], stamp=STAMP, of="x")
    lines = made.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTAMP:20241101T000000Z" in lines
    assert "DTSTART;VALUE=DATE:20241216" in lines
    assert "DTEND;VALUE=DATE:20241217" in lines
    assert "SUMMARY:Lodge\\; soon" in lines
    assert "DESCRIPTION:A\\, b" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("BEGIN:VTODO") == 1


def test_the_last_day_of_the_calendar_and_the_first_are_days_too() -> None:
    made = calendar([Task("a", "", date.max), Task("b", "", date.min)], stamp=date.min, of="x").decode()
    assert "DTSTART;VALUE=DATE:99991231" in made
    assert "DTSTART;VALUE=DATE:00010101" in made


def test_the_same_tasks_give_the_same_bytes_and_other_tasks_other_identifiers() -> None:
    first, second = Task("a", "b"), Task("a", "c")
    assert calendar([first], stamp=STAMP, of="x") == calendar([first], stamp=STAMP, of="x")
    both = calendar([first, second], stamp=STAMP, of="x").decode().split("\r\n")
    assert len({line for line in both if line.startswith("UID:")}) == 2


@given(st.text(), st.text())
def test_no_line_is_too_long_and_unfolded_it_reads_as_it_was_written(summary: str, detail: str) -> None:
    made = calendar([Task(summary, detail, STAMP)], stamp=STAMP, of="x")
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    text = made.decode().replace("\r\n ", "")
    assert len(text.split("\r\n")) == 15
    assert not any(ord(letter) < 32 and letter not in "\r\n\t" for letter in text)


def test_an_appointment_keeps_its_identifier_when_it_is_put_off() -> None:
    at = datetime(2027, 3, 31, 16, tzinfo=UTC)
    first = Appointment("closes", "Deadline", "24:00 in Beijing", at, at, at)
    later = replace(first, begins=at + timedelta(days=7), ends=at + timedelta(days=7), sequence=1)
    before, after = (appointments([one], of="call x").decode().split("\r\n") for one in (first, later))
    assert before[5] == after[5]
    assert before[5].startswith("UID:")
    assert ("SEQUENCE:0" in before, "SEQUENCE:1" in after) == (True, True)
    assert "DTSTART:20270331T160000Z" in before
    assert not any(line.startswith("DTEND") for line in before)
