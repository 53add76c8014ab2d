"""The names of what the record speaks of: in the reader's language, and where a law is, a link to it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from aliquot import register
from aliquot.site.queries.register import shown, words

RECORD = register.load()
SUBJECTS = sorted({said.about for said in RECORD.statements.values()})
OBJECTS = sorted({said.object for said in RECORD.statements.values() if said.object})


def test_every_subject_and_object_reads_in_chinese() -> None:
    with translation.override("zh-hans"):
        names = {key: shown.subject(RECORD, key).text for key in [*SUBJECTS, *OBJECTS]}
    latin = {key for key, name in names.items() if not re.search(r"[\u4e00-\u9fff]", name)}
    numbers = {key for key in latin if key.isdecimal()}  # official numbers of samples
    codes = {key for key in latin if re.fullmatch("[A-Z]{2}", key)}  # members whose scope names them
    assert latin - numbers - codes == set()
    for said in RECORD.statements.values():
        assert said.object not in codes or re.search(r"[\u4e00-\u9fff]", said.scope.zh)


@pytest.mark.django_db
@pytest.mark.parametrize("key", words.LAWS)
def test_a_law_of_the_record_leads_to_the_law_library(client: Client, key: str) -> None:
    assert RECORD.about(key)
    assert client.get(shown.subject(RECORD, key).href).status_code == 200
