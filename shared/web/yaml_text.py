"""Data as YAML that a person can change in a form."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from typing import Any


def yaml_text(value: Any) -> str:
    """Block style, in the order given; decimal numbers with the digits that they have."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(Decimal, _decimal)
    written = StringIO()
    yaml.dump(value, written)
    return written.getvalue()


def _decimal(representer: Any, value: Decimal) -> Any:
    text = f"{value:f}"
    return representer.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)
