"""Charts: Altair and the journey map, in one look, as SVG; the same for report, notebook and (later) website."""

from firsthand.charts.bars import count_bars, figure_bars, share_bars, stacked_bars, wait_ranges
from firsthand.charts.curves import survival_curve, trend
from firsthand.charts.grid import cohort_grid
from firsthand.charts.journey_map import drawn_flows, journey_map, not_drawn
from firsthand.charts.language import Language
from firsthand.charts.life_picture import life_picture
from firsthand.charts.look import svg_of
from firsthand.charts.steps import funnel_bars, path_bars
from firsthand.charts.topics import tone, topic_bars
from firsthand.charts.waterfall import waterfall

__all__ = [
    "Language", "cohort_grid", "count_bars", "drawn_flows", "figure_bars", "funnel_bars", "journey_map", "life_picture", "not_drawn", "path_bars", "share_bars", "stacked_bars",
    "survival_curve", "svg_of", "tone", "topic_bars", "trend", "wait_ranges", "waterfall",
]  # fmt: skip
