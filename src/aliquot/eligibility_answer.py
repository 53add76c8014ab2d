"""What does an answer look like as JSON? The findings with all that lets somebody else repeat them.

Written after the contract of `aliquot eligible`. The same facts and files give the same bytes; every hash of what was
read is in it. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from aliquot.eligibility import Finding, Screening
from aliquot.explanation import Node, explain
from aliquot.law_text import NOT_LEGAL_ADVICE, Law

Json = str | bool | None | list["Json"] | dict[str, "Json"]


def document(screening: Screening, law: Law, lists: Mapping[str, str] | None = None) -> dict[str, Json]:
    """Return the answer; `lists` are the restricted-party files that were read, with their hashes."""
    return {
        "overall": screening.overall.value,
        "stands_now": screening.stands_now,
        "instruments": [_finding(each, screening, law) for each in screening.findings],
        "replay": {
            "facts": screening.sheet.sha256,
            "vocabulary": law.vocabulary.sha256,
            "lists": dict(sorted((lists or {}).items())),
            "instruments": {key: each.sha256 for key, each in law.instruments.items()},
        },
        "notice": NOT_LEGAL_ADVICE.en,
    }


def _finding(finding: Finding, screening: Screening, law: Law) -> dict[str, Json]:
    return {
        "instrument": finding.instrument.key,
        "verdict": finding.verdict.value,
        "stands_now": finding.stands_now,
        "version": finding.version,
        "cite": finding.cite,
        "clauses": list(finding.clauses),
        "conditions": [
            {"who": each.who.en, "what": each.what.en, "by_date": each.by_date.isoformat() if each.by_date else None}
            for each in finding.conditions
        ],
        "missing": [
            {"key": each.key, "ask": each.ask.en,
             "leads_to": {label: [verdict.value for verdict in verdicts] for label, verdicts in each.leads_to}}
            for each in finding.missing
        ],
        "readings": [
            {"name": each.name, "used": each.used, "gives": {option: verdict.value for option, verdict in each.gives}}
            for each in finding.readings
        ],
        "text_status": finding.text_status.value,
        "reviewed_by": finding.instrument.reviewed_by,
        "explanation": _node(explain(finding, screening.sheet.facts, law.vocabulary)),
        "note": "; ".join(finding.notes),
    }  # fmt: skip


def _node(node: Node) -> dict[str, Json]:
    return {"text": node.text, "value": node.value, "children": [_node(child) for child in node.children]}
