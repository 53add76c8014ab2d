"""Synthetic books for measuring: arrivals, splits with loss, moves, loans out and back, in a mix like a store's."""

from __future__ import annotations

import random
from collections.abc import Iterator

SECONDS_A_DAY = 86_400


def moment(second: int) -> str:
    """Return a time of March 2026 or later, as entries write it; no calendar is needed for 28-day months."""
    day, rest = divmod(second, SECONDS_A_DAY)
    year, in_year = divmod(day, 336)
    month, in_month = divmod(in_year, 28)
    hours, minutes = divmod(rest // 60, 60)
    return f"{2026 + year}-{month + 1:02d}-{in_month + 1:02d}T{hours:02d}:{minutes:02d}:{rest % 60:02d}Z"


def entries(count: int, seed: int = 1) -> Iterator[str]:
    """Yield the texts of a sound book of `count` entries; the same seed gives the same book."""
    chance = random.Random(seed)
    held: list[list[object]] = []  # sample, holder, mass in ng
    for index in range(count):
        head = f"entry {index}\nat {moment(index * 30)}\n"
        roll = chance.random()
        if roll < 0.2 or len(held) < 50:
            sample, place = f"CE5C{index:07d}", f"place:a{index % 60}"
            held.append([sample, place, 1_200_000_000])
            yield (
                f"{head}kind receive\nby person:17\npost {sample} origin:change-5 -1200000000\n"
                f"post {sample} {place} 1200000000\nuse {sample} research\n"
            )
            continue
        # Most acts are on what came or was cut lately; one in seven reaches back anywhere.
        back = int(chance.expovariate(1 / 500)) if chance.random() < 0.85 else chance.randrange(len(held))
        row = held[-1 - min(back, len(held) - 1)]
        sample, holder, mass_ng = str(row[0]), str(row[1]), int(str(row[2]))
        if roll < 0.5 and mass_ng > 1000 and holder.startswith("place:"):
            cut_ng, dust_ng = mass_ng // 3, mass_ng // 100
            row[2] = mass_ng - 2 * cut_ng - dust_ng
            held.append([f"{sample}A{index}", holder, cut_ng])
            yield (
                f"{head}kind split\nby person:17\npost {sample} {holder} -{2 * cut_ng + dust_ng}\n"
                f"post {sample}A{index} {holder} {cut_ng}\npost {sample}B{index} {holder} {cut_ng}\n"
                f"post {sample} spent:attrition {dust_ng}\nbasis allocation:2026-1/{index}\n"
            )
            continue
        kind, target = ("move", f"place:b{index % 60}")
        if holder.startswith("loan:"):
            kind = "return"
        elif roll > 0.9:
            kind, target = "ship", f"transit:t{index % 9}"
        if holder.startswith("transit:"):
            kind, target = "deliver", f"loan:i{index % 200}"
        row[1] = target
        yield (
            f"{head}kind {kind}\nby person:17\npost {sample} {holder} -{mass_ng}\npost {sample} {target} {mass_ng}\n"
            f"basis order:{index}\n"
        )
