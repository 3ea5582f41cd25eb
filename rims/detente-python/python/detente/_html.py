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
        body += " font: 0.95rem/1.45 var(--sans); }\n:scope table { font-size: 0.9rem; }\n:scope td, :scope th { text-align: left; }\n"
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


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """A small table of words."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        "<tr>" + f'<th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="scroll"><table>{said}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
