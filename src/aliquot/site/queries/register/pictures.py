"""Which pictures does the record make? Landing sites, the flow of a mission's mass, a map and a timeline.

Turns facts into what `aliquot.site.drawings` draws; decides no place and no size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from typing import Final

from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliquot import register
from aliquot.dates import Precision, When
from aliquot.register import Flow, Kind, Mission, Node, Record, Transfer
from aliquot.site.drawings import flow as flows
from aliquot.site.drawings import moon, timeline, world
from aliquot.site.queries.register import words

# Fills of the design system for what became of a mass, and for kinds of transfer.
FILLS: Final = {
    "mission": 1, "museum": 2, "gift": 4, "exchange": 7, "loan": 3, "display": 8, "store": 6, "private": 6,
    "unpublished": 5,
}  # fmt: skip
KIND_FILLS: Final = {
    Kind.GIFT: 4, Kind.EXCHANGE: 7, Kind.DONATION: 2, Kind.TRANSFER: 2, Kind.DEPOSIT: 6, Kind.RESEARCH_LOAN: 3,
    Kind.DISPLAY_LOAN: 8, Kind.LOAN_APPROVED: 5, Kind.DISPLAY: 8,
}  # fmt: skip
EVENTS_MOST: Final = 200  # more labels than that nobody reads
_CROWD: Final = 4  # so many goodwill cases of one date stand together in the timeline


@dataclass(frozen=True, slots=True)
class Disc:
    """One side of the Moon."""

    drawing: SafeString
    caption: str


def moons(record: Record) -> tuple[Disc, ...]:
    """Return the near and the far side with every landing site."""
    sites = [site for mission in record.missions.values() if (site := _site(record, mission))]
    return (
        _disc(sites, "near", _("The near side"), prefix="moon-near"),
        _disc(sites, "far", _("The far side, which never faces the Earth"), prefix="moon-far"),
    )


def moon_of(record: Record, mission: Mission) -> Disc | None:
    """Return the side of the Moon on which a mission landed, with its site alone."""
    site = _site(record, mission)
    if site is None:
        return None
    near = moon.project(site.lat_deg, site.lon_deg_east, side="near")
    title = _("The near side") if near else _("The far side, which never faces the Earth")
    return _disc([site], "near" if near else "far", title, prefix="moon-site")


def _site(record: Record, mission: Mission) -> moon.Site | None:
    place, mass = register.said(record, mission.key, "coordinates"), register.returned(record, mission.key)
    if place is None or place.statement.coordinates is None:
        return None
    latitude, longitude = place.statement.coordinates
    return moon.Site(
        key=mission.key,
        label=mission.name.text(words.language()),
        lat_deg=latitude,
        lon_deg_east=longitude,
        detail=mass.statement.shown(words.language()) if mass else "",
        href=reverse("mission", args=[mission.key]),
    )


def _disc(sites: Sequence[moon.Site], side: moon.Side, title: str, *, prefix: str) -> Disc:
    seen = [site for site in sites if moon.project(site.lat_deg, site.lon_deg_east, side=side)]
    drawing = moon.draw(
        seen,
        side=side,
        picture_href=static(f"img/moon-{side}.webp"),
        prefix=prefix,
        title=title,
        description=_("Landing sites: %(names)s") % {"names": words.listed(site.label for site in seen)},
    )
    count = ngettext("%(title)s: one landing site", "%(title)s: %(n)d landing sites", len(seen))
    return Disc(SafeString(drawing), count % {"title": title, "n": len(seen)})


def flow(record: Record, found: Flow) -> SafeString:
    """Return the picture of where the mass of a mission is today, as far as sources tell."""
    parents = {link.target: link.source for link in found.links}
    # What goes on stands next to the rest, so that its branches pass no other label.
    order = sorted(found.nodes, key=lambda node: (node.is_rest, node.key in parents.values()))
    nodes = [
        flows.Node(
            key=node.key,
            label=_flow_label(found, node),
            column=_depth(node.key, parents),
            fill=FILLS[node.kind],
            href=_flow_href(record, found, node.key),
        )
        for node in order
    ]
    links = [flows.Link(link.source, link.target, link.mass_ng) for link in found.links]
    mission = record.missions[found.mission].name.text(words.language())
    drawing = flows.draw(
        nodes,
        links,
        prefix=f"flow-{found.mission}",
        title=_("Where the mass of %(mission)s is today") % {"mission": mission},
        description=_("The table behind this picture tells every branch with its sources."),
        not_to_scale=_("Dashed: too little to be drawn to scale"),
    )
    return SafeString(drawing)


def _flow_label(found: Flow, node: Node) -> str:
    """Return the name of a node; the rest of the whole goes by fewer words than the table has room for."""
    is_whole_rest = node.is_rest and any(
        link.target == node.key and link.source == found.mission for link in found.links
    )
    return _("in store, or not published") if is_whole_rest else node.name.text(words.language())


def _depth(key: str, parents: dict[str, str]) -> int:
    return 1 + _depth(parents[key], parents) if key in parents else 0


def _flow_href(record: Record, found: Flow, key: str) -> str | None:
    """Return the page of the one transfer or round that a branch rests on."""
    facts = next((link.facts for link in found.links if link.target == key), ())
    if len(facts) == 1 and facts[0] in record.transfers:
        return reverse("transfer", args=[facts[0]])
    if len(facts) == 1 and facts[0] in record.rounds:
        return f"{reverse('mission', args=[found.mission])}#{facts[0]}"
    return None


def world_map(
    record: Record,
    counts: Mapping[str, int],
    ways: Mapping[tuple[str, str], int],
    *,
    href: Callable[[str], str],
) -> SafeString:
    """Return the countries by how many transfers touch each; `ways` are from country to country, `href` leads to those of one."""
    names = {code: words.country(record, code) for code in counts}
    countries = [
        world.Country(code, _counted(names[code], count), count, href(code)) for code, count in counts.items()
    ]
    arcs = [
        world.Arc(giver, receiver, _counted(f"{names[giver]} → {names[receiver]}", weight), weight)
        for (giver, receiver), weight in ways.items()
        if giver in names and receiver in names and giver != receiver
    ]
    most = sorted(counts, key=lambda code: -counts[code])
    drawing = world.draw(
        countries,
        arcs,
        prefix="world",
        title=_("Countries that gave, received or hold lunar material"),
        description=words.listed(_counted(names[code], counts[code]) for code in most),
        borders=_("Borders: Natural Earth"),
    )
    return SafeString(drawing)


def _counted(name: str, count: int) -> str:
    return ngettext("%(name)s: one transfer", "%(name)s: %(n)d transfers", count) % {"name": name, "n": count}


def time_line(shown: Iterable[Transfer]) -> SafeString:
    """Return the transfers along time; many goodwill cases of one date stand as one.

    A date before which something happened tells when only if it is a day; else it is that of the source.
    """
    events: list[timeline.Event] = []
    shown = list(islice(shown, EVENTS_MOST))
    known = [one for one in shown if one.date.first or one.date.precision is Precision.DAY]
    for (_on, is_goodwill), group in groupby(
        sorted(known, key=lambda one: (_day(one.date), one.series)),
        key=lambda one: (_day(one.date), one.series == "goodwill"),
    ):
        some = list(group)
        events += [_crowd(some)] if is_goodwill and len(some) >= _CROWD else map(_event, some)
    return SafeString(
        timeline.draw(events, prefix="timeline", title=_("Transfers in the order of their dates"))
    )


def _event(one: Transfer) -> timeline.Event:
    return timeline.Event(
        label=one.title.text(words.language()),
        on=_day(one.date),
        fill=KIND_FILLS[one.kind],
        href=reverse("transfer", args=[one.key]),
    )


def _crowd(some: Sequence[Transfer]) -> timeline.Event:
    label = _("%(n)d cases of goodwill gifts") % {"n": len(some)}
    return timeline.Event(label, _day(some[0].date), KIND_FILLS[Kind.GIFT], "#goodwill")


def _day(when: When) -> str:
    """Return where on the axis a date stands: a span at its beginning, a bound at the date that it names."""
    first = when.text.partition("/")[0].lstrip("~<>")[:10]
    return first if when.is_known else date.max.isoformat()
