"""What notebooks show: pieces of the report with the report's style, which reaches nothing else on the page."""

from __future__ import annotations

from html import escape
from typing import Iterable, Optional, Sequence

from . import _detente

_STYLE: Optional[str] = None


def _style() -> str:
    global _STYLE
    if _STYLE is None:
        # Everything holds below the element that the style stands in (`@scope` without a root), and what the page says of its own root and
        # body is said of that.
        sheet = _detente.style().replace(":root", ":scope")
        body = "\n:scope { display: block; max-width: 46rem; padding: 0.75rem 1rem; background: var(--paper); color: var(--ink);"
        body += " font: 0.95rem/1.45 var(--sans); }\n:scope table { font-size: 0.9rem; }\n"
        body += "table.words td, table.words th { text-align: left; }\ntable.words td.number { text-align: right; }\n"
        _STYLE = "<style>@scope {\n" + sheet + body + "}</style>"
    return _STYLE


def piece(inner: str) -> str:
    """A piece of the report, styled as it is there."""
    return f'<div class="detente">{_style()}{inner}</div>'


def page(html: str, height: int = 720) -> str:
    """A whole page in a frame of its own, which runs its script there and reaches nothing outside."""
    framed = escape(html, quote=True)
    return (
        f'<iframe sandbox="allow-scripts" style="width:100%;height:{height}px;border:1px solid #8885" '
        f'title="detente report" srcdoc="{framed}"></iframe>'
    )


def _cell(cell: str) -> str:
    number = bool(cell) and cell[0] in "+-−±<>0123456789" and not any(c.isalpha() for c in cell if c not in "e")
    return f'<td class="number">{escape(cell)}</td>' if number else f"<td>{escape(cell)}</td>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """A small table of words."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        "<tr>" + f'<th scope="row">{escape(row[0])}</th>' + "".join(_cell(cell) for cell in row[1:]) + "</tr>"
        for row in rows
    )
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="scroll"><table class="words">{said}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
