"""Charts of a report as inline SVG: Vega-Lite definitions, drawn without a browser and without a network.

Text and grid take `currentColor`, marks the page's own `--accent`: the same drawing serves light, dark and print."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from shared.domain.report import Funnel, Hour, Slice

_WIDTH = 420
_INNER = 370
"""Width of a drawing, and of the plots inside it beside their labels; pixels."""
_ACCENT = "var(--accent, currentColor)"
_QUIET = {"labelColor": "currentColor", "titleColor": "currentColor", "tickColor": "currentColor"}
_CONFIG = {
    "font": "ui-sans-serif, system-ui, sans-serif",
    "background": None,
    "padding": {"left": 12, "right": 12, "top": 4, "bottom": 4},
    "view": {"stroke": None},
    "axis": {**_QUIET, "gridColor": "currentColor", "gridOpacity": 0.14, "domain": False, "ticks": False}
    | {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelPadding": 6},
    "header": {"labelColor": "currentColor", "labelFontSize": 12, "labelPadding": 2, "labelAnchor": "start"}
    | {"labelOrient": "top", "labelFontWeight": "bold"},
    "bar": {"fill": _ACCENT, "cornerRadiusEnd": 3},
    "text": {"fill": "currentColor", "fontSize": 12},
    "rule": {"stroke": _ACCENT, "strokeWidth": 2},
    "point": {"fill": _ACCENT, "stroke": None, "opacity": 1},
}


def funnel_chart(funnel: Funnel) -> str:
    """How many people reached each stage, from planned to clicked."""
    stages = [
        ("planned", funnel.planned),
        ("sent", funnel.sent),
        ("opened by people", funnel.opened),
        ("clicked", funnel.clicked),
        ("unsubscribed", funnel.unsubscribed),
    ]
    values = [{"stage": stage, "people": people, "label": f"{people:,}"} for stage, people in stages]
    y = {"field": "stage", "type": "ordinal", "sort": None, "title": None}
    x = {"field": "people", "type": "quantitative", "axis": None, "scale": {"domainMin": 0}}
    label = {"mark": {"type": "text", "align": "left", "dx": 5}, "encoding": {"text": {"field": "label"}}}
    layers = [{"mark": {"type": "bar", "height": {"band": 0.72}}}, label]
    return _svg("People at each stage", values, {"height": 150, "encoding": {"x": x, "y": y}, "layer": layers})


def hours_chart(hours: Sequence[Hour], timezone: str) -> str:
    """What happened in each hour of the sender's clock: sent, opened and clicked, a row each
    if there is anything to show, with a scale of its own."""
    shown = [what for what in ("sent", "opened", "clicked") if any(getattr(hour, what) for hour in hours)]
    values = [
        # Wall-clock time drawn as if it were UTC: the drawing machine's own zone must not shift it.
        {"at": f"{hour.at:%Y-%m-%dT%H:00:00}Z", "what": what, "people": getattr(hour, what)}
        for hour in hours
        for what in shown
    ]
    x: dict[str, Any] = {
        "field": "at",
        "type": "temporal",
        "timeUnit": "utcyearmonthdatehours",
        "title": f"hours in {timezone}",
    }
    x |= {"axis": {"format": "%a %-d %H:00", "labelOverlap": "greedy", "labelSeparation": 12, "grid": False}}
    y = {"field": "people", "type": "quantitative", "title": None, "axis": {"tickCount": 3, "format": "~s"}}
    row = {"field": "what", "type": "nominal", "sort": shown, "title": None}
    unit = {"width": _INNER, "height": 62, "mark": "bar", "encoding": {"x": x, "y": y}}
    scales = {"resolve": {"scale": {"y": "independent"}}}
    return _svg("Sent, opened and clicked by the hour", values, {"facet": {"row": row}, "spec": unit, **scales})


def variants_chart(variants: Sequence[Slice]) -> str:
    """Open and click rates of each variant as points with their 95 % intervals."""
    values = [
        {"variant": each.name, "what": what, "rate": rate.value, "low": rate.low, "high": rate.high}
        for each in variants
        for what, rate in (("opened", each.opened), ("clicked", each.clicked))
    ]
    y = {"field": "variant", "type": "nominal", "title": None}
    axis = {"format": ".0%", "tickCount": 5}
    x = {"field": "rate", "type": "quantitative", "title": None, "axis": axis, "scale": {"domainMin": 0}}
    interval = {"mark": "rule", "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": y}}
    point = {"mark": {"type": "point", "filled": True, "size": 90}, "encoding": {"x": x, "y": y}}
    row = {"field": "what", "type": "nominal", "sort": ["opened", "clicked"], "title": None}
    unit = {"width": _INNER, "height": 34 * len(variants), "layer": [interval, point]}
    return _svg("Rates of the variants with 95 % intervals", values, {"facet": {"row": row}, "spec": unit})


def _svg(description: str, values: list[dict[str, Any]], definition: dict[str, Any]) -> str:
    fitted = {"width": _WIDTH, "autosize": {"type": "fit", "contains": "padding"}}
    sized = {"spacing": 6} if "spec" in definition else fitted
    return _drawn(
        json.dumps({"description": description, "data": {"values": values}, "config": _CONFIG, **sized, **definition})
    )


@lru_cache(maxsize=64)
def _drawn(definition: str) -> str:
    import vl_convert  # here, not above: a drawing engine of 60 MB that only pages with charts need

    svg: str = vl_convert.vegalite_to_svg(definition, vl_version="6.4")
    # Several drawings share a page; an id that two of them had would clip one by the other's frame.
    own = hashlib.sha256(definition.encode()).hexdigest()[:8]
    return re.sub(r'(\bid="|url\(#)', rf"\g<1>{own}-", svg)
