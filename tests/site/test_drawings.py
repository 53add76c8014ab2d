"""What every picture promises: safe, well-formed, the same each time, and true to its numbers."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date
from itertools import combinations, pairwise
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot.site.drawings import axis, family, flow, moon, svg, timeline, world

G = 10**9
HOSTILE = '<script>alert(\'&"\')</script>\x00 style=""'
SVG = "{http://www.w3.org/2000/svg}"

# Latitude and longitude east of the landing sites; Chang'e-6 alone is on the far side.
SITES = [
    moon.Site("apollo-11", "Apollo 11", 0.67416, 23.47314, "21.6 kg", "/missions/apollo-11/"),
    moon.Site("apollo-12", "Apollo 12", -3.01239, -23.42157, "34.3 kg", "/missions/apollo-12/"),
    moon.Site("apollo-14", "Apollo 14", -3.6453, -17.47136, "42.3 kg", "/missions/apollo-14/"),
    moon.Site("apollo-15", "Apollo 15", 26.1322, 3.6339, "77.3 kg", "/missions/apollo-15/"),
    moon.Site("apollo-16", "Apollo 16", -8.97301, 15.50019, "95.7 kg", "/missions/apollo-16/"),
    moon.Site("apollo-17", "Apollo 17", 20.1908, 30.7717, "110.5 kg", "/missions/apollo-17/"),
    moon.Site("luna-16", "Luna 16", -0.5137, 56.3638, "101 g", "/missions/luna-16/"),
    moon.Site("luna-20", "Luna 20", 3.7863, 56.6242, "55, 50 or 30 g", "/missions/luna-20/"),
    moon.Site("luna-24", "Luna 24", 12.7145, 62.2097, "170 g", "/missions/luna-24/"),
    moon.Site("change-5", "Chang’e-5", 43.0576, -51.9161, "1,731 g", "/missions/change-5/"),
    moon.Site("change-6", "Chang’e-6", -41.6383, -153.9856, "1,935.3 g", "/missions/change-6/"),
]


def parsed(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 - we wrote it ourselves


def a_flow(label: str = "Museum") -> str:
    nodes = [
        flow.Node("m", label, 0),
        flow.Node("s", "Stores", 1, 5),
        flow.Node("r", label, 1, 2, "/transfers/"),
    ]
    links = [flow.Link("m", "s", 1500 * G), flow.Link("m", "r", 100 * G, label, "/transfers/")]
    return flow.draw(nodes, links, prefix="f", title=label, description=label)


def a_family(label: str = "CE5-0100") -> str:
    members = [family.Member("parent", 5 * G, href="/samples/parent/"), family.Member(label, 2 * G, label)]
    return family.draw(members, [family.Tie("parent", label)], current=label, prefix="f", title=label)


def a_timeline(label: str = "Gift to France") -> str:
    events = [timeline.Event(label, "2023-04", href="/transfers/1/"), timeline.Event(label, "1978-05-01")]
    return timeline.draw(events, prefix="t", title=label, description=label)


def a_custody(label: str = "HKU") -> str:
    stays = [
        timeline.Stay(label, "2023-08-07", "2024", label, href="/ledger/1/"),
        timeline.Stay("NAOC", "2020-12-19"),
    ]
    return timeline.draw_custody(stays, today=date(2026, 11, 24), prefix="c", title=label)


def a_world(label: str = "France: 3") -> str:
    arcs = [world.Arc("CN", "FR", label, href="/transfers/1/")]
    return world.draw(
        [world.Country("FR", label, 3, "?country=FR")], arcs, prefix="w", title=label, borders=label
    )


def a_moon(label: str = "Apollo 11") -> str:
    sites = [*SITES, moon.Site("x", label, 60, 10, label, "/missions/x/")]
    return moon.draw(sites, side="near", picture_href="/static/img/moon-near.webp", prefix="m", title=label)


PICTURES = [a_flow, a_family, a_timeline, a_custody, a_world, a_moon]


@pytest.mark.parametrize("draw", PICTURES)
def test_a_hostile_label_is_only_text(draw):
    picture = draw(HOSTILE)
    tags = {one.tag.removeprefix(SVG) for one in parsed(picture).iter()}
    assert not tags & {"script", "style", "foreignObject"}
    assert "<script" not in picture
    assert "\x00" not in picture


@pytest.mark.parametrize("draw", PICTURES)
def test_a_picture_has_no_style_and_no_handler(draw):
    for one in parsed(draw(HOSTILE)).iter():
        assert not [name for name in one.attrib if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("draw", PICTURES)
def test_a_picture_is_the_same_each_time(draw):
    assert draw() == draw()


@pytest.mark.parametrize("draw", PICTURES)
def test_a_picture_has_a_name_and_its_ids_begin_with_its_prefix(draw):
    root = parsed(draw())
    ids = [one.attrib["id"] for one in root.iter() if "id" in one.attrib]
    assert root.attrib["aria-labelledby"].split() == ids
    assert all(one.startswith(ids[0][:2]) for one in ids)


@pytest.mark.parametrize("draw", PICTURES)
def test_a_picture_with_links_is_no_image_to_a_screen_reader(draw):
    root = parsed(draw())
    assert root.attrib["role"] == ("group" if root.findall(f".//{SVG}a") else "img")


LONG = "Demonstration request: cosmic rays in single grains, line 2"


def test_a_long_name_beside_a_node_is_broken_into_lines_and_none_of_it_is_lost():
    room = {"size": 16.0, "room": 246.0, "lines": 3}
    for words in (LONG, "月壤样品与嫦娥五号、嫦娥六号的月壤样品之比较研究，第二项"):
        lines = svg.wrapped(words, **room)
        assert 1 < len(lines) <= 3
        assert "".join(lines).replace(" ", "") == words.replace(" ", "")
        assert all(svg.width_of(line, 16.0) <= 246.0 for line in lines)
    assert svg.wrapped("", **room) == ("",)
    assert svg.wrapped("x" * 99, **room)[-1].endswith("…")
    assert svg.wrapped(f"{LONG} {LONG}", **room)[-1].endswith("…")
    drawn = flow.draw([flow.Node("a", "a", 0), flow.Node("b", LONG, 1)], [flow.Link("a", "b", G)], prefix="f", title="t")  # fmt: skip
    assert all(f">{part}</text>" in drawn for part in svg.wrapped(LONG, **room))


def test_a_picture_never_links_to_a_script():
    with pytest.raises(AssertionError, match="links to"):
        svg.link("javascript:alert(1)", "x")


@given(st.lists(st.integers(1, 2000 * G), min_size=1, max_size=12))
def test_bands_are_as_wide_as_their_masses_or_said_not_to_be(masses_ng):
    nodes = [flow.Node("m", "all", 0), *(flow.Node(str(i), str(i), 1) for i in range(len(masses_ng)))]
    links = [flow.Link("m", str(i), mass_ng) for i, mass_ng in enumerate(masses_ng)]
    scale = flow.scale_of(nodes, links)
    drawn = parsed(flow.draw(nodes, links, prefix="f", title="t"))
    for band in drawn.findall(f".//{SVG}path[@data-mass-ng]"):
        exact = int(band.attrib["data-mass-ng"]) * scale
        if "d-not-to-scale" in band.attrib["class"]:
            assert exact < flow.THINNEST
        else:
            path = band.attrib["d"].split()
            top, bottom = float(path[9]), float(path[11])
            assert isclose(bottom - top, exact, abs_tol=0.0101)


def test_a_flow_says_when_a_band_is_too_thin_for_its_scale():
    nodes = [flow.Node("m", "all", 0), flow.Node("a", "a", 1), flow.Node("b", "b", 1)]
    large, small = flow.Link("m", "a", 1000 * G), flow.Link("m", "b", 1)
    said = "Dashed: too little"
    assert said in flow.draw(nodes, [large, small], prefix="f", title="t")
    assert said not in flow.draw(nodes[:2], [large], prefix="f", title="t")


def test_a_flow_to_the_left_is_our_own_mistake():
    nodes = [flow.Node("m", "all", 0), flow.Node("a", "a", 1)]
    with pytest.raises(AssertionError, match="to the right"):
        flow.draw(nodes, [flow.Link("a", "m", G)], prefix="f", title="t")


def test_the_middle_of_the_near_side_is_the_middle_of_the_disc():
    assert moon.project(0, 0, side="near") == (0, 0)
    east, north = moon.project(30, 90, side="near") or (0, 0)
    assert isclose(east, 0.8660254, abs_tol=1e-6)
    assert isclose(north, 0.5)
    assert moon.project(0, 180, side="near") is None


def test_eleven_sites_are_seen_ten_near_and_one_far():
    assert len(moon.labels(SITES, side="near")) == 10
    assert [label.site.key for label in moon.labels(SITES, side="far")] == ["change-6"]


@pytest.mark.parametrize("side", ["near", "far"])
@pytest.mark.parametrize("names", [{}, {"Apollo": "阿波罗", "Luna": "月球", "Chang’e-5": "嫦娥五号"}])
def test_labels_of_the_landing_sites_do_not_overlap_and_stay_in_the_picture(side, names):
    translated = [_renamed(site, names) for site in SITES]
    placed = moon.labels(translated, side=side)
    for label in placed:
        assert label.left >= 0
        assert label.left + label.width <= moon.WIDTH
        assert label.top >= 0
        assert label.top + label.height <= moon.HEIGHT
        assert abs(_nearest_x(label) - moon.WIDTH / 2) > moon.RADIUS  # no words upon the disc
    assert not [pair for pair in combinations(placed, 2) if _overlap(*pair)]


def _renamed(site: moon.Site, names: dict[str, str]) -> moon.Site:
    label = site.label
    for name, other in names.items():
        label = label.replace(name, other)
    return moon.Site(site.key, label, site.lat_deg, site.lon_deg_east, site.detail, site.href)


def _nearest_x(label: moon.Label) -> float:
    return label.left + label.width if label.on_left else label.left


def _overlap(a: moon.Label, b: moon.Label) -> bool:
    apart = a.left + a.width <= b.left or b.left + b.width <= a.left
    return not (apart or a.top + a.height <= b.top + 1e-6 or b.top + b.height <= a.top + 1e-6)


def test_a_family_of_two_hundred_is_drawn_whole():
    numbers = ["0", *(str(i) for i in range(1, 200))]
    ties = [family.Tie(str((i - 1) // 3), str(i)) for i in range(1, 200)]
    picture = family.draw([family.Member(n, G) for n in numbers], ties, current="0", prefix="f", title="t")
    boxes = list(parsed(picture).iter(f"{SVG}rect"))
    assert len(boxes) == 200
    places = sorted((float(box.attrib["x"]), float(box.attrib["y"])) for box in boxes)
    in_one_column = [(a, b) for a, b in pairwise(places) if a[0] == b[0]]
    assert all(b[1] - a[1] >= family.BOX_HEIGHT for a, b in in_one_column)


def test_a_family_beyond_the_limit_counts_those_left_out():
    members = [family.Member(str(i), G) for i in range(1000)]
    ties = [family.Tie("0", str(i)) for i in range(1, 1000)]
    picture = family.draw(members, ties, current="0", prefix="f", title="t")
    assert "+ 800 more" in picture


def test_a_family_with_two_parents_stands_right_of_both():
    members = [family.Member(n, G) for n in ("a", "b", "c", "d")]
    ties = [
        family.Tie("a", "b"),
        family.Tie("b", "c"),
        family.Tie("a", "d", "combine"),
        family.Tie("c", "d", "combine"),
    ]
    drawn = parsed(family.draw(members, ties, current="d", prefix="f", title="t"))
    at = {text.text: float(text.attrib["x"]) for text in drawn.iter(f"{SVG}text") if text.text in "abcd"}
    assert at["a"] < at["b"] < at["c"] < at["d"]


def test_a_sample_that_descends_from_itself_is_our_own_mistake():
    ties = [family.Tie("a", "b"), family.Tie("b", "a")]
    with pytest.raises(AssertionError, match="descends from itself"):
        family.draw([family.Member("a"), family.Member("b")], ties, current="a", prefix="f", title="t")


@given(st.lists(st.dates(date(1969, 7, 20), date(2026, 11, 24)), min_size=1, max_size=30), st.integers(1, 40))
def test_labels_of_events_do_not_overlap(dates, letters):
    events = [timeline.Event("x" * letters, on.isoformat()) for on in dates]
    _, placed = timeline.lay_out(events)
    for a, b in combinations(placed, 2):
        assert a.lane != b.lane or a.left + a.width <= b.left or b.left + b.width <= a.left


def test_a_year_is_drawn_as_a_bar_and_a_day_as_a_point():
    year = parsed(timeline.draw([timeline.Event("e", "1973")], prefix="t", title="t"))
    day = parsed(timeline.draw([timeline.Event("e", "1973-05-01")], prefix="t", title="t"))
    assert year.find(f".//{SVG}circle") is None
    assert day.find(f".//{SVG}circle") is not None


@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 1, 1)), min_size=1, max_size=20))
def test_an_axis_keeps_the_order_of_days(dates):
    made = axis.make_axis([on.isoformat() for on in dates], left=0, right=1000)
    places = [made.at(on.toordinal()) for on in sorted(dates)]
    assert places == sorted(places)
    assert all(0 <= place <= 1000 for place in places)


def test_a_date_covers_as_many_days_as_its_precision_leaves_open():
    assert [
        after - first for first, after in map(axis.days_of, ["2024", "2024-02", "2023-12", "2024-02-29"])
    ] == [
        366,
        29,
        31,
        1,
    ]


@pytest.mark.parametrize("code", ["CN", "US", "RU", "FR", "NO", "GB", "DE", "JP", "PK", "TH"])
def test_the_world_has_the_outlines_of_givers_and_receivers(code):
    drawn = world.draw([world.Country(code, "here", 1, "?country=" + code)], prefix="w", title="t")
    assert parsed(drawn).find(f".//{SVG}a/{SVG}path") is not None


@pytest.mark.parametrize("code", ["HK", "MO", "MT", "SG"])
def test_a_small_state_is_a_point(code):
    drawn = world.draw([world.Country(code, "here", 1, "?country=" + code)], prefix="w", title="t")
    assert parsed(drawn).find(f".//{SVG}a/{SVG}circle") is not None


def test_a_country_that_is_not_on_the_map_is_left_out():
    assert "nowhere" not in world.draw([world.Country("ZZ", "nowhere", 1)], prefix="w", title="t")


def test_counts_fall_into_four_steps():
    assert [world.step_of(count) for count in (1, 2, 4, 5, 9, 10, 400)] == [1, 2, 2, 3, 3, 4, 4]
