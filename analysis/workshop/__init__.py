"""The workshop room: what residents and partners make of the options, live, in the hall.

A facilitator sets a workshop up from a run of steps; phones and paper ballots answer its questions; every
answer is on disk before it is called counted; the record says what was asked, of whom, and what came of it.
"""

from analysis.workshop.addresses import join_urls, qr_svg
from analysis.workshop.answers import read_answer
from analysis.workshop.comments import assign_themes, count_themes, moderate, read_comments
from analysis.workshop.database import StoreUnavailable
from analysis.workshop.entry import record_paper
from analysis.workshop.paper import ballot_pdf
from analysis.workshop.progress import (
    close_question,
    edit_question,
    insert_step,
    move_on,
    move_step,
    open_question,
    remove_step,
    reveal_question,
    show_step,
)
from analysis.workshop.questions import Item, Question
from analysis.workshop.record import Record, csv_bytes, excel_bytes, make_record
from analysis.workshop.results import Result, count_participants, pulse, read_answers, read_result
from analysis.workshop.retention import close_workshop, delete_workshop, purge
from analysis.workshop.run import OptionChoice, Run, Step, list_runs, read_run
from analysis.workshop.state import State, read_state, read_version
from analysis.workshop.store import Store, shared_store
from analysis.workshop.tallies import tally
from analysis.workshop.workshops import create_workshop, is_facilitator, list_workshops

__all__ = [
    "Item",
    "OptionChoice",
    "Question",
    "Record",
    "Result",
    "Run",
    "State",
    "Step",
    "Store",
    "StoreUnavailable",
    "assign_themes",
    "ballot_pdf",
    "close_question",
    "close_workshop",
    "count_participants",
    "count_themes",
    "create_workshop",
    "csv_bytes",
    "delete_workshop",
    "edit_question",
    "excel_bytes",
    "insert_step",
    "is_facilitator",
    "join_urls",
    "list_runs",
    "list_workshops",
    "make_record",
    "moderate",
    "move_on",
    "move_step",
    "open_question",
    "pulse",
    "purge",
    "qr_svg",
    "read_answer",
    "read_answers",
    "read_comments",
    "read_result",
    "read_run",
    "read_state",
    "read_version",
    "record_paper",
    "remove_step",
    "reveal_question",
    "shared_store",
    "show_step",
    "tally",
]
