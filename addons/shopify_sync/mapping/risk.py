"""Shopify's risk assessments of an order, and whether it must be held (rules, section 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .reading import text

_ORDER = {"none": 0, "pending": 1, "low": 2, "medium": 3, "high": 4}


@dataclass(frozen=True, slots=True)
class Fact:
    """One reason of an assessment."""

    provider: str
    level: str
    description: str
    sentiment: str


@dataclass(frozen=True, slots=True)
class Risk:
    """All assessments of an order; words in lower case. `level` is the highest one."""

    recommendation: str
    level: str
    pending: bool
    facts: tuple[Fact, ...]

    def state(self, threshold: str) -> str:
        """'held', 'pending' (still being assessed) or 'none', for a store that holds from `threshold`.

        :param threshold: 'medium', 'high' or 'never'
        """
        if threshold == "never":
            return "none"
        levels, advice = (
            ({"high"}, {"cancel"}) if threshold == "high" else ({"medium", "high"}, {"investigate", "cancel"})
        )
        if self.level in levels or self.recommendation in advice:
            return "held"
        return "pending" if self.pending else "none"


def read_risk(summary: Mapping[str, Any] | None) -> Risk:
    """The `OrderRiskSummary` of Shopify."""
    summary = summary or {}
    facts, levels = [], []
    for assessment in summary.get("assessments") or []:
        level = text(assessment.get("riskLevel")).lower() or "none"
        levels.append(level)
        provider = text((assessment.get("provider") or {}).get("title")) or "Shopify"
        found = assessment.get("facts") or [{"description": "", "sentiment": "NEUTRAL"}]
        facts += [
            Fact(provider, level, text(fact.get("description")), text(fact.get("sentiment")).lower()) for fact in found
        ]
    return Risk(
        recommendation=text(summary.get("recommendation")).lower() or "none",
        level=max(levels, key=lambda level: _ORDER.get(level, 0), default="none"),
        pending="pending" in levels,
        facts=tuple(facts),
    )
