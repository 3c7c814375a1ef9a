"""What the page on evidence says of a pack."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.render.number_words import listed, number_word
from analysis.report.content import Chart, Map, Pack, Paragraph, Table, unmarked
from analysis.report.files import FORMATS
from analysis.report.sections.catalogue import SECTIONS


def request_sentence(place_name: str, sections: Sequence[str], ending: str) -> str:
    """What would be made."""
    titles = [SECTIONS[key].title.lower() for key in sections]
    form = FORMATS[ending]
    if not titles:
        return f"No section is chosen yet for **{place_name}**."
    count = f"{number_word(len(titles))} section{'' if len(titles) == 1 else 's'}"
    return f"**{count.capitalize()}** on {place_name} ({listed(titles)}), as **{'' if form.endswith('s') else 'a '}{form}**."


def changes_words(changes: int) -> str:
    """Where sites come from that are not today's; "" where nothing was changed."""
    if not changes:
        return ""
    return f"today's with {number_word(changes)} change{'' if changes == 1 else 's'} of the user's own"


def pack_sentence(pack: Pack) -> str:
    """What was made."""
    kinds = [type(block) for _, block in pack.blocks()]
    figures, tables = kinds.count(Chart) + kinds.count(Map), kinds.count(Table)
    return (
        f"**{number_word(len(pack.sections)).capitalize()} section{'' if len(pack.sections) == 1 else 's'}** with "
        f"{figures} figures and {tables} tables."
    )


def editable_texts(pack: Pack) -> dict[str, list[tuple[str, str]]]:
    """Paragraphs that a user may word anew, by section title: key and text. The method is left as it is."""
    texts: dict[str, list[tuple[str, str]]] = {}
    for section, block in pack.blocks():
        if isinstance(block, Paragraph) and section.key not in ("method", "data"):
            texts.setdefault(section.title, []).append((block.key, unmarked(block.text)))
    return texts
