"""How far away is a day?"""

from __future__ import annotations

from datetime import date

from django import template

from aliquot.site.web import loans_shown

register = template.Library()


@register.filter
def days_left(on: date, today: date) -> str:
    """`{{ due|days_left:today }}`: in 9 days, today, 3 days overdue."""
    return loans_shown.left(on, today)
