"""One filter for each kind of quantity of the reviews: moments where somebody is, totals as shares of the scale."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from django import template

register = template.Library()


@register.filter
def there(moment: datetime | None, zone: str) -> str:
    """`{{ due|there:zone }}`: what a clock in that zone shows then, `2027-04-26 20:15`."""
    return moment.astimezone(ZoneInfo(zone or "UTC")).strftime("%Y-%m-%d %H:%M") if moment else ""


@register.filter
def share(total: Fraction | None) -> str:
    """`7/10` of the scale -> `70`; nothing where there is none."""
    return "" if total is None else f"{round(total * 100)}"


@register.filter
def share_exactly(total: Fraction | None) -> str:
    """`2/3` of the scale -> `66.7`."""
    return "" if total is None else f"{float(total * 100):.1f}"
