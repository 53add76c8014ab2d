"""What does an act do that weighs, looks at or exposes samples, opens their container, pots one, or cleans tools?"""

from __future__ import annotations

from aliquot import fault, mass, weighings
from aliquot.fault import Fault
from aliquot.handling import taking
from aliquot.handling.known import Change, Gear, Known, Met, Part, Plan, Weighed
from aliquot.handling.reading import Told
from aliquot.weighings import Weighing


def weigh(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan a weighing: several readings give their mean and its uncertainty, to which the calibration's is added."""
    number, rows = told.text("sample"), told.rows("readings")
    here = taking.find(known, number, told.text("source"), where="sample")
    balance = known.instruments[told.text("balance")]
    faults = [here] if isinstance(here, Fault) else []
    if balance.kind != "balance":
        faults.append(fault.of("balance", "{instrument} is not a balance", "name the balance that was used",
                               instrument=balance.key))  # fmt: skip
    if balance.overdue and not told.text("reason"):
        faults.append(fault.of("balance", "the calibration {calibration} of {instrument} has run out",
                               "calibrate it, or give the reason", calibration=balance.calibration,
                               instrument=balance.key))  # fmt: skip
    readings_ng = [row.mass_ng("reading") or 0 for row in rows]
    tare_ng = told.mass_ng("tare")
    if tare_ng is not None and min(readings_ng) < tare_ng:
        faults.append(fault.of("tare", "the container weighs more than the balance showed", "check both"))
    sd_ng = _sd_ng(told, readings_ng, balance)
    if isinstance(sd_ng, Fault):
        faults.append(sd_ng)
    if faults or isinstance(here, Fault) or isinstance(sd_ng, Fault):
        return tuple(faults)
    gross_ng = readings_ng[0] if len(readings_ng) == 1 else weighings.mean_ng(readings_ng)[0]
    mass_ng = gross_ng - (tare_ng or 0)
    weighed = Weighed(
        number,
        mass.show(mass_ng),
        mass_ng,
        sd_ng,
        here.book_ng,
        len(rows),
        tuple(mass.show(ng) for ng in readings_ng),
        tare_ng,
        told.text("air"),
        balance.key,
        told.text("calibration") or balance.calibration,
    )
    return Plan(parts=(Part(number, "handled", mass_ng),), weighed=(weighed,))


def _sd_ng(told: Told, readings_ng: list[int], balance: Gear) -> int | Fault:
    """Return one standard deviation of the result: of the readings' mean, and of the balance."""
    of_balance_ng = taking.sd_of(told, "sd", balance)
    if len(readings_ng) > 1:
        return weighings.combined_sd_ng(weighings.mean_ng(readings_ng)[1], of_balance_ng or 0)
    if of_balance_ng is not None:
        return of_balance_ng
    return fault.of("sd", "nobody knows how sure one reading of {instrument} is",
                    "read it several times, tell a standard deviation, or calibrate the balance",
                    instrument=balance.key)  # fmt: skip


def disagreement(weighed: Weighed, book_sd_ng: int | None) -> tuple[Fault, ...]:
    """Return the fault of a weighing that differs from the book by more than both allow."""
    said = Weighing(weighed.sample, weighed.reading, weighed.mass_ng, weighed.sd_ng, weighed.balance,
                    weighed.calibration, "", "", weighed.count)  # fmt: skip
    return weighings.check(said, book_ng=weighed.book_ng, book_sd_ng=book_sd_ng or 0)


def look(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan an act that leaves samples as they are but for what it exposes them to: unseal, pot, expose, image, scan, spectrum."""
    names = told.names("samples") or (told.text("sample"),)
    met = tuple(one for number in names for one in _met(told, number))
    aired = {one.sample for one in met if one.agent == "air"}
    fresh = [number for number in names if known.pieces[number].condition in ("", "pristine")]
    return Plan(
        parts=tuple(Part(number, "handled") for number in names),
        met=met,
        changes=tuple(Change(number, condition="air-exposed") for number in fresh if number in aired),
    )


def _met(told: Told, number: str) -> tuple[Met, ...]:
    """Return what the act exposes a sample to: what was told, the beam of an image, the dose of a scan."""
    agent, minutes = told.text("agent"), told.number("minutes")
    if agent:
        whole = None if minutes is None else int(minutes.to_integral_value())
        return (Met(number, agent, told.text("amount"), whole),)
    return tuple(Met(number, name, told.text(name)) for name in ("beam", "dose") if told.text(name))


def clean(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan a batch of tools."""
    if told.text("batch") in known.batches:
        return (fault.of("batch", "the batch “{name}” is known already", "give each batch a name of its own",
                         name=told.text("batch")),)  # fmt: skip
    return Plan()
