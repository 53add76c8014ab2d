"""How is a plan read by people? Its state, each reason and each rule in words, by the names of samples and requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from aliquot import mass, register
from aliquot.allocation_rounds import NG, Round
from aliquot.allocations import Alternative, Measure
from aliquot.site import words
from aliquot.site.queries.register.words import country, listed

Plain = Mapping[str, Any]
STATUSES: Final[dict[str, Promise]] = {
    "optimal": pgettext_lazy("status of a plan", "proven: no plan is better"),
    "gap": pgettext_lazy("status of a plan", "no plan is better by more than the gap that was asked"),
    "time_limit": pgettext_lazy("status of a plan", "the best found in the time given"),
    "infeasible": pgettext_lazy("status of a plan", "the fixed decisions exclude each other"),
}
STATES: Final[dict[str, Promise]] = {
    "computing": pgettext_lazy("state of a plan", "being computed"),
    "interrupted": pgettext_lazy("state of a plan", "interrupted"),
}
OUTCOMES: Final[dict[str, Promise]] = {
    "granted": pgettext_lazy("outcome of a plan", "all that is wanted"),
    "reduced": pgettext_lazy("outcome of a plan", "less than is wanted"),
    "alternative": pgettext_lazy("outcome of a plan", "another sample instead"),
    "refused": pgettext_lazy("outcome of a plan", "nothing"),
}
STANDINGS: Final[dict[str, Promise]] = {
    "ready": pgettext_lazy("standing of a line", "decided as planned, and free"),
    "promised": pgettext_lazy("standing of a line", "promised already"),
    "undecided": pgettext_lazy("standing of a line", "not decided at the last level"),
    "otherwise": pgettext_lazy("standing of a line", "decided otherwise"),
    "short": pgettext_lazy("standing of a line", "not free any more"),
}


@dataclass(frozen=True)
class Saying:
    """Says what a plan has of its lines; `titles` are what requests are called, by their keys, empty where nobody is named."""

    round: Round
    titles: Mapping[str, str]
    proven: bool = True
    shared: frozenset[int] = frozenset()  # subsamples that several lines get a piece of
    _several: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Know which requests have more than one line."""
        asked = [ask.request for ask in self.round.asks]
        object.__setattr__(self, "_several", frozenset(key for key in asked if asked.count(key) > 1))

    def name(self, r: int) -> str:
        """Return what a line is called where it stands alone."""
        ask = self.round.asks[r]
        title = self.titles.get(ask.request)
        if title is None or ask.request not in self._several:
            return title or self.line(r)
        return _("{title}, line {line}").format(title=title, line=ask.line + 1)

    def line(self, r: int) -> str:
        """Return what a line is called in a sentence: its request, and its number where there are several."""
        ask = self.round.asks[r]
        title = self.titles.get(ask.request)
        if title is None:
            return _("request {number}").format(number=r)
        if ask.request in self._several:
            return _("“{title}”, line {line}").format(title=title, line=ask.line + 1)
        return _("“{title}”").format(title=title)

    def listed(self, lines: Iterable[int]) -> str:
        """Return these lines as a list."""
        return listed([self.line(r) for r in lines])

    def pool(self, option: Alternative) -> str:
        """Return what an alternative draws on: a sample by its number, or any of a material."""
        if option.sample is not None:
            return self.round.samples[option.sample]
        parts = [part for part in self.round.instance.supply.materials[option.material].split(", ") if part]
        said = listed(str(words.MATERIALS.get(part) or words.MEANINGS.get(part) or part) for part in parts)
        return _("any sample of: {material}").format(material=said or "?")

    def amount(self, option: Alternative, amount: int) -> str:
        """Return an amount with what it is of."""
        pool = self.pool(option)
        if option.is_bulk:
            return _("{mass} of {pool}").format(mass=mass.show(amount * NG), pool=pool)
        if amount == 1 and option.sample is not None:
            return _("{pool}, whole").format(pool=pool)
        return ngettext("{n} item of {pool}", "{n} items of {pool}", amount).format(n=amount, pool=pool)

    def reason(self, r: int, told: Plain) -> str:
        """Return one reason as a sentence."""
        if told["alternative"] is None:
            return _("The panel fixed that it gets nothing.")
        option = self.round.instance.requests[r].alternatives[told["alternative"]]
        amount = self.amount(option, told["amount"])
        if told["why"] == "gets":
            return self._gets(option, amount, told["pieces"])
        return _("{amount}: {rule}.").format(amount=amount, rule=self._rule(r, option, told))

    def _gets(self, option: Alternative, amount: str, pieces: Sequence[Sequence[int]]) -> str:
        said = _("Gets {amount}.").format(amount=amount)
        if option.sample is None or len(pieces) > 1:
            parts = [
                _("{mass} of {pool}").format(mass=mass.show(ug * NG), pool=self.round.samples[s])
                for s, ug in pieces
            ]
            said = _("{said} It comes from {pieces}.").format(said=said, pieces=listed(parts))
        return f"{said} {self._opening(pieces)}"

    def _opening(self, pieces: Sequence[Sequence[int]]) -> str:
        supply = self.round.instance.supply
        opened = [s for s, _ug in pieces if supply.container_pristine[supply.sub_container[s]]]
        alone = [s for s in opened if s not in self.shared]
        if alone:
            named = listed([self.round.samples[s] for s in alone])
            return _("{samples} is pristine, and opened for this alone.").format(samples=named)
        if opened:
            named = listed([self.round.samples[s] for s in opened])
            return _("{samples} is pristine, and opened for others as well.").format(samples=named)
        return _("Nothing pristine is opened for it.")

    def _rule(self, r: int, option: Alternative, told: Plain) -> str:
        counts, pool = told["counts"], self.pool(option)
        left = mass.show(counts.get("left", 0) * NG)
        if told["why"] == "cap":
            return _("{cap}, and {have} are granted to others").format(
                cap=self.cap(counts["cap"]), have=self._counted(counts["cap"], counts["have"])
            )
        if told["why"] == "bundle":
            others = [q for q in self.round.instance.limits.bundles[counts["bundle"]] if q != r]
            return _("it is granted together with {others} or not at all").format(others=self.listed(others))
        if told["why"] == "never":
            return _("{pool} could not give that even if nobody else were granted anything").format(pool=pool)
        if told["why"] == "release" and not counts["left"]:
            return _("beside what others get, nothing of {pool} may be taken any more").format(pool=pool)
        if told["why"] == "release":
            return _("beside what others get, at most {left} of {pool} may still be taken").format(
                left=left, pool=pool
            )
        if told["why"] == "consume":
            return _("at most {left} of {pool} may still be used up").format(left=left, pool=pool)
        if told["why"] == "splits":
            return _(
                "no permitted number of pieces of {pool} still gives that, above its reserve and within its removals"
            ).format(pool=pool)
        if told["why"] == "items":
            return _("{have} of {ever} such items can still be given").format(
                have=counts["have"], ever=counts["ever"]
            )
        if self.proven:
            return _("it would fit, but only in the place of something that is worth more")
        return _(
            "it would fit in the place of something else; whether that is worth more was not proven in the time given"
        )

    def _counted(self, i: int, have: int) -> str:
        is_grants = self.round.instance.limits.caps[i].measure is Measure.GRANTS
        return str(have) if is_grants else mass.show(have * NG)

    def cap(self, i: int) -> str:
        """Return a cap as part of a sentence."""
        cap = self.round.instance.limits.caps[i]
        of, name = self.round.caps[i] if self.titles else (self.round.caps[i][0], str(i))
        name = country(register.load(), name) if of == "country" and self.titles else name
        named = (
            _("the country {name}").format(name=name)
            if of == "country"
            else _("the institution {name}").format(name=name)
        )
        if cap.measure is Measure.GRANTS:
            return ngettext(
                "at most {n} line of {named} is granted",
                "at most {n} lines of {named} are granted",
                cap.limit,
            ).format(n=cap.limit, named=named)
        return _("{named} gets at most {mass}").format(named=named, mass=mass.show(cap.limit * NG))

    def fits(self, r: int, told: Plain, *, granted: bool) -> str:
        """Return how much would still have fitted; of a line that gets something, how much it could have in all."""
        option = self.round.instance.requests[r].alternatives[told["alternative"]]
        if granted:
            return _("Beside everything else this line could have {amount} in all.").format(
                amount=self.amount(option, told["amount"])
            )
        return _("Beside everything else there would still be room for {amount}.").format(
            amount=self.amount(option, told["amount"])
        )

    def party(self, told: Plain) -> str:
        """Return a pin or rule of a conflict as a sentence."""
        kind, at = told.get("pin") or told.get("rule"), told["at"]
        supply, limits = self.round.instance.supply, self.round.instance.limits
        if kind == "grant":
            return _("{line} is to be granted.").format(line=self.line(at[0]))
        if kind == "refuse":
            return _("{line} is to be refused.").format(line=self.line(at[0]))
        if kind == "exact":
            option = self.round.instance.requests[at[0]].alternatives[at[1]]
            return _("{line} is to get {amount}.").format(
                line=self.line(at[0]), amount=self.amount(option, option.levels[at[2]].amount)
            )
        if kind == "bundle":
            return _("{lines} are granted together or not at all.").format(
                lines=self.listed(limits.bundles[at[0]])
            )
        if kind == "cap":
            return _("The policy says that {cap}.").format(cap=self.cap(at[0]))
        sample = self.round.samples[at[0]]
        if kind == "release":
            return _("Of {sample} at most {mass} may be taken.").format(
                sample=sample, mass=mass.show(supply.sample_release_ug[at[0]] * NG)
            )
        if kind == "consume":
            return _("Of {sample} at most {mass} may be used up.").format(
                sample=sample, mass=mass.show(supply.sample_consume_ug[at[0]] * NG)
            )
        return _(
            "Of {sample} there is no more than what is above its reserve, in pieces that are of use."
        ).format(sample=sample)
