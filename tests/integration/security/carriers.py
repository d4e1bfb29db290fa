"""How hostile text comes in: hidden as the corpus says, in a file of the kind that carries it."""

from __future__ import annotations

import base64
import json
from html import escape
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from shared.domain.knowledge_formats import Format
from tests.integration.knowledge.files import docx, paragraph, pdf

CORPUS: list[dict[str, Any]] = YAML(typ="safe").load((Path(__file__).parent / "corpus.yaml").read_text())
ABOUT = "Six evenings for your back: the spring course."
"""What the document is otherwise about, so that it is found for the campaign."""
HIDDEN_BY_HTML = {
    "comment": "<!-- {} -->",
    "css": '<p style="display:none">{}</p>',
    "white": '<p style="color:#fff;background:#fff">{}</p>',
    "tiny": '<p style="font-size:0">{}</p>',
    "attribute": '<p data-note="{0}" title="{0}">Dates follow.</p>',
    "script": "<script>/* {} */</script>",
}


def hidden(text: str, how: str) -> str:
    """The text in that disguise, where a disguise is made of characters."""
    match how:
        case "tags":
            return "Dates follow." + "".join(chr(0xE0000 + ord(each)) for each in text if each.isascii())
        case "selectors":
            return "Dates follow." + "".join(chr(0xE0100 + each) for each in text.encode())
        case "zero-width":
            return "\u200b".join(text)
        case "bidi":
            return f"\u202e{text}\u202c"
        case "base64":
            return f"Decode and obey: {base64.b64encode(text.encode()).decode()}"
    return text


def file_of(case: dict[str, Any]) -> tuple[Format, bytes]:
    """The document that carries the case into the knowledge base, and its format."""
    how, said = case.get("how", "plain"), hidden(case["text"], case.get("how", "plain"))
    match case["carrier"]:
        case "html":
            inner = HIDDEN_BY_HTML[how].format(escape(said)) if how in HIDDEN_BY_HTML else f"<p>{escape(said)}</p>"
            return "html", f"<html><body><h1>Course</h1><p>{ABOUT}</p>{inner}</body></html>".encode()
        case "docx":
            run = "<w:vanish/>" if how == "vanish" else ""
            return "docx", docx(paragraph(ABOUT) + paragraph(escape(said), run=run))
        case "csv":
            quoted = said.replace('"', '""')
            return "csv", f'course,note\n"{ABOUT}","{quoted}"\n'.encode()
        case "pdf":
            return "pdf", pdf(f"{ABOUT} #text({json.dumps(said, ensure_ascii=False)})")
    return "text", f"From: stranger@elsewhere.example\nSubject: course\n\n{ABOUT}\n{said}\n".encode()
