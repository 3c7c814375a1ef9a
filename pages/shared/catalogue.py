"""The pages by their doors, in the order of the questions: the one list behind navigation and the cards on Home."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PageEntry:
    """One page: its script, title, icon, address, what it answers, its door, and whether a projector can show it."""

    path: str
    title: str
    icon: str
    url_path: str
    words: str
    door: str = ""
    on_projector: bool = True


CATALOGUE = (
    PageEntry("explore/home.py", "Home", ":material/home:", "", "Where to start"),
    PageEntry(
        "explore/figures.py",
        "Map",
        ":material/map:",
        "figures",
        "Need, reach, deprivation, children, Census or your own figures on one map, with each area's card and ranking",
        "Explore",
    ),
    PageEntry(
        "explore/need/page.py",
        "Need",
        ":material/groups:",
        "need",
        "How many, by ward and neighbourhood, with ranges",
        "Explore",
    ),
    PageEntry(
        "explore/targeting/page.py",
        "Targeting",
        ":material/my_location:",
        "targeting",
        "Which areas to focus on: the smallest set, the council's list, an index of your own, hot spots",
        "Explore",
    ),
    PageEntry(
        "explore/reach/page.py",
        "Reach",
        ":material/directions_walk:",
        "reach",
        "Who can get to which hub in time, who cannot, and the children near each site",
        "Explore",
    ),
    PageEntry(
        "explore/benchmark.py",
        "Benchmark",
        ":material/balance:",
        "benchmark",
        "What is published of the place against what its deprivation predicts, and against its neighbours",
        "Explore",
    ),
    PageEntry(
        "explore/england/page.py",
        "England",
        ":material/public:",
        "england",
        "Every authority at once, ranked with ranges, and questions of your own",
        "Explore",
        on_projector=False,
    ),
    PageEntry(
        "plan/sites/page.py",
        "Sites",
        ":material/edit_location_alt:",
        "sites",
        "Which sites there are, and what if: open, close, move, add, save as an option",
        "Plan",
    ),
    PageEntry(
        "plan/siting/page.py",
        "Siting",
        ":material/add_location_alt:",
        "siting",
        "Where hubs and outreach should go: the best sets, proven, the next best, what each further site adds, uncertainty",
        "Plan",
    ),
    PageEntry(
        "plan/options/page.py",
        "Options",
        ":material/compare:",
        "options",
        "Plans side by side: which reaches whom, who gains, who loses, and what a consultation has to say",
        "Plan",
    ),
    PageEntry(
        "commission/page.py",
        "Commissioning",
        ":material/account_balance:",
        "commissioning",
        "What a contract costs, how money is shared, what a cohort saves, which way is best, whether it works",
        "Commission",
    ),
    PageEntry(
        "consult/workshop/page.py",
        "Workshop",
        ":material/co_present:",
        "workshop",
        "Live in the hall: a screen, a thousand phones, paper ballots, and the record afterwards",
        "Consult",
        on_projector=False,
    ),
    PageEntry(
        "report/evidence/page.py",
        "Evidence",
        ":material/description:",
        "evidence",
        "A report, slides, a web page or tables for the papers: sections of your choice, in your order",
        "Report",
        on_projector=False,
    ),
    PageEntry(
        "report/method/page.py",
        "Data and method",
        ":material/fact_check:",
        "method",
        "Sources, checks, formulas, assumptions",
        "Report",
        on_projector=False,
    ),
    PageEntry(
        "report/add_place.py",
        "Add a place",
        ":material/add_circle:",
        "add",
        "Any authority in England, from the official files as published",
        "Report",
        on_projector=False,
    ),
)
# Opened from the facilitator's page in a window of its own, never from the navigation.
SCREEN = PageEntry("consult/screen.py", "Screen", ":material/tv:", "screen", "What the hall sees")
