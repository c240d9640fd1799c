"""The report's figures: plain values to a Vega-Lite specification to SVG or PNG. Pure."""

from reporting.figures.bar_charts import COLOURS, Bar, IntervalBar, bars, bars_with_intervals, changes
from reporting.figures.column_charts import RoundTotal, ranked_columns, total_and_rate
from reporting.figures.drawing import to_png, to_svg
from reporting.figures.line_charts import Series, lines, lorenz
from reporting.figures.quartile_charts import GroupRange, OwnAndGroups, quartile_ranges
from reporting.figures.tile_maps import Tile, tile_map

__all__ = [
    "COLOURS",
    "Bar",
    "GroupRange",
    "IntervalBar",
    "OwnAndGroups",
    "RoundTotal",
    "Series",
    "Tile",
    "bars",
    "bars_with_intervals",
    "changes",
    "lines",
    "lorenz",
    "quartile_ranges",
    "ranked_columns",
    "tile_map",
    "to_png",
    "to_svg",
    "total_and_rate",
]
