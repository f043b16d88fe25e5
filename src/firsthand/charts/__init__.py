"""Charts: Altair, in one look, as SVG; the same for report, notebook and (later) website."""

from firsthand.charts.bars import count_bars, share_bars, stacked_bars, wait_ranges
from firsthand.charts.curves import survival_curve, trend
from firsthand.charts.look import svg_of

__all__ = ["count_bars", "share_bars", "stacked_bars", "survival_curve", "svg_of", "trend", "wait_ranges"]
