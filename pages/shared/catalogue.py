"""The pages, in the order of the questions: the one list behind navigation and the cards on Home."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PageEntry:
    """One page: its script, title, icon, address and what it answers."""

    path: str
    title: str
    icon: str
    url_path: str
    words: str


CATALOGUE = (
    PageEntry("home.py", "Home", ":material/home:", "", "Where to start"),
    PageEntry(
        "need.py", "Need", ":material/groups:", "need", "How many, by ward and neighbourhood, with ranges"
    ),
    PageEntry(
        "targeting.py",
        "Targeting",
        ":material/my_location:",
        "targeting",
        "Which areas to focus on: the smallest set, the council's list, an index of your own, hot spots",
    ),
    PageEntry(
        "data_and_method.py",
        "Data and method",
        ":material/fact_check:",
        "method",
        "Sources, checks, formulas, assumptions",
    ),
)
