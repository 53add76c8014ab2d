"""What does the look of every page promise, whatever fonts and paper a reader has?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from claiming import proposed
from django.contrib.staticfiles import finders
from django.test import Client

from aliquot.site.models import Person


def style(name: str) -> str:
    return Path(finders.find(f"css/{name}.css")).read_text("utf-8")


def test_every_list_of_fonts_names_latin_ones_before_chinese_ones() -> None:
    tokens = style("tokens")
    lists = {face: names.split(",") for face, names in re.findall(r"--(serif|sans|mono): ([^;]+);", tokens)}
    assert lists.keys() == {"serif", "sans", "mono"}
    for names in lists.values():
        chinese = [n for n, name in enumerate(names) if " SC" in name]
        latin = [n for n, name in enumerate(names) if "Liberation" in name or "Latin of" in name]
        assert max(latin) < min(chinese)


@pytest.mark.django_db
def test_on_paper_a_source_tells_its_address_and_what_is_pressed_is_left_out() -> None:
    page = Client().get("/transfers/2023-china-france/").content.decode()
    assert re.search(r'<a class="foreign source__original" href="https?://', page)
    assert "content: attr(href)" in style("cite")
    assert '<p class="on-screen"><a href="/claims/propose/' in page
    tokens = style("tokens")
    assert all(f"--screen-{shown}: none;" in tokens for shown in ("block", "flex", "inline"))


@pytest.mark.django_db
def test_a_day_before_anything_was_known_of_a_mission_shows_no_empty_section() -> None:
    page = Client().get("/missions/change-5/?as_known_on=1990-01-01").content.decode()
    assert 'id="facts"' not in page
    assert 'id="mass"' not in page


def test_the_page_of_a_claim_names_its_subject_and_reads_its_days(di: Person, client: Client) -> None:
    row = proposed(di, date="<2025-12")
    page = client.get(f"/claims/{row.key}/").content.decode()
    told = page[page.index('id="told"') : page.index('id="history"')]
    assert f"<code>{row.about}</code>" in told
    assert "before Dec 2025" in told
    assert "&lt;2025-12" not in told
