"""Where is a continuous function zero between two places where its signs differ?"""

from __future__ import annotations

import math
from collections.abc import Callable

from aliquot import fault


def bracketed(function: Callable[[float], float], low: float, high: float) -> float:
    """Return a root between `low` and `high` to the last digits that floating point has.

    Inverse quadratic interpolation where it is safe, else bisection (Chandrupatla 1997). The signs at the two ends
    must differ.
    """
    a, b = high, low
    fa, fb = function(a), function(b)
    if fa * fb > 0:
        fault.bug(f"no change of sign between {low} and {high}")
    c, fc = a, fa
    share = 0.5
    for _ in range(200):
        at = a + share * (b - a)
        value = function(at)
        if (value > 0) == (fa > 0):
            c, fc = a, fa
        else:
            c, b, fc, fb = b, a, fb, fa
        a, fa = at, value
        best, best_value = (a, fa) if abs(fa) < abs(fb) else (b, fb)
        slack = 4e-16 * abs(best) + 1e-300
        room = slack / abs(b - a) if b != a else 1.0
        if room > 0.5 or best_value == 0 or not math.isfinite(value):
            return best
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        if phi**2 < xi and (1 - phi) ** 2 < 1 - xi:
            share = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        else:
            share = 0.5
        share = min(1 - room, max(room, share))
    return best
