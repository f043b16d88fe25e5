"""What was planted in the sample company: the truth that figures are held against."""

from __future__ import annotations

import numpy as np

BEGIN = np.datetime64("2024-07-01T00:00:00")
END = np.datetime64("2026-07-01T00:00:00")
SPAN = int((END - BEGIN).astype(int))
DAY = 86_400

REGIONS = ("north", "east", "south", "west")
CARRIERS = ("Blitz", "Kurier24", "Landpost")
LATE = np.array([[0.06, 0.10, 0.12], [0.08, 0.34, 0.15], [0.05, 0.09, 0.11], [0.06, 0.12, 0.10]])
"""(a) Share of deliveries that come after the promised day, by region (rows) and carrier."""

AGAIN, AGAIN_AFTER_LATE, LATER = 0.44, 0.28, 0.45
"""(b) Chance to buy again within 90 days, after a promise kept and after one that was not; chance to do so later."""

PUZZLING = "P-017"
"""(c) The product whose German instructions were translated badly, and what its German-speaking buyers do."""
PUZZLED = {"help_search": 0.50, "contact": 0.35, "return": 0.22}
USUAL = {"help_search": 0.03, "contact": 0.04, "return": 0.05}

FEE_FROM = np.datetime64("2025-09-01T00:00:00")
FEE, FEE_BELOW, FEE_CONTACT = 2.90, 40.0, 0.12
"""(d) A fee on small orders, from a day on; share of those charged who get in touch about it."""

RELEASE = np.datetime64("2026-02-10T00:00:00")
LOYAL_FROM = 4
APP_SCORE = {"before": 4.3, "after_loyal": 2.6, "after_others": 4.2}
"""(e) A release of the app that loyal customers (so many purchases) dislike: mean score, 1 to 5."""

FIX = np.datetime64("2025-11-15T00:00:00")
PAYMENT_FAILS = {"before": 0.14, "after": 0.01}
"""(f) Share of checkouts whose payment fails, before and after a fix."""

CIRCUMSTANCES = ("everyday", "first purchase", "gift", "moving house", "urgent replacement")
LATE_HURTS = {"everyday": 1.0, "first purchase": 1.3, "gift": 2.0, "moving house": 1.2, "urgent replacement": 2.6}
"""(g) By how many points of five a late delivery lowers the score, by what the customer needed it for."""

AGENTS = 24
SOLVED = np.full(AGENTS, 0.74)
SOLVED[6], SOLVED[18] = 0.42, 0.93
"""(h) Share of contacts that an agent settles at once: agent-07 few, agent-19 many, all others the same."""

CANCELLED_BY_US, CANCELLED_BY_CUSTOMER, LOST, MOVED = 0.012, 0.010, 0.006, 0.04
NEVER_BUYS = 0.14
"""Of deliveries, those withdrawn by either side, lost, or promised anew; of people, those who only look."""


def planted() -> dict[str, object]:
    """The truth as a document: rates, effects and dates."""
    late = {
        f"{region}/{carrier}": float(LATE[r, c])
        for r, region in enumerate(REGIONS)
        for c, carrier in enumerate(CARRIERS)
    }
    return {
        "a_late_by_region_and_carrier": late,
        "b_bought_again_90": {"kept": AGAIN, "not_kept": AGAIN_AFTER_LATE, "difference": AGAIN_AFTER_LATE - AGAIN},
        "c_instructions": {"product": PUZZLING, "language": "de", "after": PUZZLED, "usual": USUAL},
        "d_fee": {"from": str(FEE_FROM)[:10], "amount": FEE, "orders_below": FEE_BELOW, "contact": FEE_CONTACT},
        "e_release": {"on": str(RELEASE)[:10], "loyal_from_purchases": LOYAL_FROM, "mean_score": APP_SCORE},
        "f_fix": {"on": str(FIX)[:10], "payment_fails": PAYMENT_FAILS},
        "g_late_lowers_score_by": LATE_HURTS,
        "h_solved_at_once": {f"agent-{agent + 1:02d}": float(SOLVED[agent]) for agent in range(AGENTS)},
    }
