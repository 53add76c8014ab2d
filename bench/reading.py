"""How fast is the reading desk, in seconds of one core? Articles of 1,000 words, made of the examples of the grammar and of plain prose.

    python bench/reading.py [--articles 100] [--rounds 3]

The reference only splits the same texts into sentences.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time

from aliquot import register
from aliquot.reading import desk, extraction, judging, sentences
from aliquot.reading.documents import Document

WORDS = 1_000
PROSE = (
    "The two space agencies have worked side by side for many years, and each has learned a great deal from the other.",
    "Trade between both countries grew by several percent last year in spite of tariffs, the ministry said on Thursday.",
    "Researchers will look at the composition of each grain before anything is written about it.",
    "The director of the institute spoke of a long road that lies ahead of the programme and thanked her colleagues.",
    "Nothing of this would have been possible without people who kept at it through two decades of waiting.",
)  # fmt: skip


def main() -> None:
    """Read all articles in each round, and print the medians."""
    options = argparse.ArgumentParser()
    options.add_argument("--articles", type=int, default=100)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    chance = random.Random(1)
    said = [each.text for family in extraction.FAMILIES for each in family.EXAMPLES if each.language == "en"]
    articles = [Document(f"{n}.txt", _article(said, chance)) for n in range(given.articles)]
    record = judging.Register(register.load())
    reading, splitting, found = [], [], 0
    for _ in range(given.rounds):
        start = time.process_time()
        found = sum(len(desk.read(each, record).findings) for each in articles)
        reading.append(time.process_time() - start)
        start = time.process_time()
        for each in articles:
            list(sentences.sentences(each.text))
        splitting.append(time.process_time() - start)
    words = sum(len(each.text.split()) for each in articles)
    print(f"{given.articles} articles, {words:,} words, {found:,} claims")
    print(f"| read and held against the record | {statistics.median(reading):.2f} s |")
    print(f"| split into sentences alone | {statistics.median(splitting):.2f} s |")


def _article(said: list[str], chance: random.Random) -> str:
    """Return a text of about 1,000 words: a claim in every third sentence, eight sentences a paragraph."""
    parts: list[str] = []
    while sum(len(part.split()) for part in parts) < WORDS:
        parts.append(chance.choice(said) if len(parts) % 3 == 0 else chance.choice(PROSE))
    return "\n".join(" ".join(parts[n : n + 8]) for n in range(0, len(parts), 8))


if __name__ == "__main__":
    main()
