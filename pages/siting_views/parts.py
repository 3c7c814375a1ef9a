"""What the views of the siting page share."""

from __future__ import annotations

from analysis.output import sentences, siting_sentences
from analysis.output.siting_view import SitingSetting
from pages.shared.context import PageContext


def siting_source(now: PageContext, setting: SitingSetting) -> str:
    """Source and assumptions under every chart, table and map of the page."""
    return (
        f"{sentences.source_sentence(now.need)} {sentences.parameters_sentence(now.need)} {setting.travel.words}. Question: "
        f"{siting_sentences.model_words(setting)}; {len(setting.candidates)} candidate sites."
    )
