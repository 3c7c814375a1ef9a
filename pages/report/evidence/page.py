"""What goes into the report?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.jobs import Job, StoppedError
from analysis.base.records import decoded_text
from analysis.base.text import date_words, slugify
from analysis.report import words
from analysis.report.assembly import left_out
from analysis.report.files import FORMATS, MIME, MadePack, make_pack
from analysis.report.manifest import UNREADABLE_MANIFEST, PackRequest, changes_since, read_manifest
from analysis.report.requested_sites import kept_sites
from pages.report.evidence.choices import choose_content, choose_form, choose_format, choose_theme
from pages.shared import state
from pages.shared.context import PageContext, context
from pages.shared.jobs import show_progress
from pages.shared.layout import plain_markdown, question, show_error
from pages.shared.loading import load_place
from pages.shared.scenario_in_force import scenario_in_force
from pages.shared.sites_in_force import changes_note, current_sites

JOB = "evidence_job"
TEXTS = "evidence_texts"


def page() -> None:
    """Question and answer, what to put in, progress, the file, its words, and an older pack made again."""
    now = context()
    head = st.container()
    left, right = st.columns([3, 2], gap="medium")
    with left:
        sections, options, workshop = choose_content(now)
        form, choose = choose_form(sections)
    with right:
        ending, title, template = choose_format(now)
        theme = choose_theme()
    with head:
        question("What goes into the report?", words.request_sentence(now.place.name, sections, ending))
    request = replace(_request(now, sections, options, workshop, title, theme), form=form, choose=choose)
    _left_out(now, request)
    _start(now, request, ending, template, disabled=not sections)
    _job()
    _words()
    _again()


def _left_out(now: PageContext, request: PackRequest) -> None:
    """What is blank, before the pack is made: it is left out of the paper."""
    blanks = left_out(request, now.place)
    if blanks:
        listed = "".join(f"\n- **{plain_markdown(title)}**: {plain_markdown(why)}" for title, why in blanks)
        st.info(f"These are blank and will be left out:{listed}", icon=":material/edit_off:")


def _request(
    now: PageContext,
    sections: list[str],
    options: list[str],
    workshop: str,
    title: str,
    theme: dict[str, Any],
) -> PackRequest:
    force = current_sites(now.place)
    changes_note(force)
    return PackRequest(
        scenario_in_force(now, force),
        tuple(sections),
        tuple(options),
        float(st.session_state.get(state.SHARE) or 50) / 100,
        workshop,
        title,
        dict(st.session_state.get(_texts_key(now.place.slug), {})),
        theme,
        kept_sites(force.sites) if force.changes else {},
        words.changes_words(force.changes),
    )


def _start(
    now: PageContext, request: PackRequest, ending: str, template: bytes | None, *, disabled: bool
) -> None:
    job = _current()
    if st.button(
        "Make it",
        type="primary",
        icon=":material/description:",
        key="evidence-make",
        disabled=disabled or (job is not None and job.is_running),
        help=f"Everything about {now.place.name}, with the figures and assumptions in use.",
    ):
        _make(request, ending, template=template)


def _make(
    request: PackRequest, ending: str, *, template: bytes | None = None, made: dt.date | None = None
) -> None:
    job: Job[MadePack] = Job()
    st.session_state[JOB] = job.start(
        lambda job: make_pack(request, ending, template=template, made=made, job=job)
    )
    st.rerun()


def _current() -> Job[MadePack] | None:
    job: Job[MadePack] | None = st.session_state.get(JOB)
    return job


def _job() -> None:
    """Progress, what stopped it, or the file."""
    job = _current()
    if job is None:
        return
    if job.is_running:
        show_progress(job, "Beginning", "Stop")
        return
    try:
        _result(job.future.result())
    except StoppedError:
        st.info("Stopped. Nothing was kept.", icon=":material/cancel:")
    except HubreachError as error:
        show_error(error)


def _result(made: MadePack) -> None:
    pack, name = made.pack, slugify(made.pack.title)
    with st.container(border=True, key="evidence-result"):
        st.markdown(words.pack_sentence(pack))
        for failure in pack.failures:
            st.warning(
                f"**{plain_markdown(failure.title)}** is left out. {plain_markdown(failure.why)}",
                icon=":material/warning:",
            )
        with st.container(horizontal=True):
            st.download_button(
                f"Download the {FORMATS[made.ending]} ({len(made.body) / 1e6:.1f} MB)",
                made.body,
                f"{name}{made.ending}",
                MIME[made.ending],
                key="evidence-file",
                on_click="ignore",
                icon=":material/download:",
                type="primary",
            )
            st.download_button(
                "Manifest",
                pack.manifest,
                f"{name}.manifest.json",
                "application/json",
                key="evidence-manifest",
                on_click="ignore",
                icon=":material/fingerprint:",
                help="Place, versions, parameters, seed: makes the same figures again, here or with hubreach pack --from.",
            )


def _words() -> None:
    job = _current()
    if job is None or job.is_running or job.future.exception() is not None:
        return
    made = job.future.result()
    with st.expander("Edit the text", icon=":material/edit:"):
        st.caption(
            "Text is generated from the numbers. What you write here stands in the next pack instead; an empty box "
            "leaves the paragraph out."
        )
        with st.form("evidence-words", border=False):
            given = {}
            for title, texts in words.editable_texts(made.pack).items():
                st.markdown(f"**{plain_markdown(title)}**")
                for key, text in texts:
                    given[key] = (text, _text_box(key, text))
            if st.form_submit_button("Keep these words", icon=":material/check:"):
                kept = {key: new for key, (old, new) in given.items() if new.strip() != old.strip()}
                where = _texts_key(made.request.place)
                st.session_state[where] = {**st.session_state.get(where, {}), **kept}
                st.toast("Kept. They stand in the next pack.")


def _texts_key(place_slug: str) -> str:
    """Where a place's own words are kept in the session."""
    return f"{TEXTS}_{place_slug}"


def _text_box(key: str, text: str) -> str:
    return st.text_area(key, text, height=80, key=f"evidence_text_{key}", label_visibility="collapsed")


def _again() -> None:
    with st.expander("Make an older pack again", icon=":material/history:"):
        given = st.file_uploader(
            "Manifest of a pack (.json)",
            "json",
            key="evidence_manifest",
            help="The same sections, parameters and seed; what has changed since is reported.",
        )
        if given is None:
            return
        try:
            text = decoded_text(given.getvalue(), file=given.name, headline=UNREADABLE_MANIFEST)
            request, made = read_manifest(text)
            changed = changes_since(text, load_place(request.place))
        except HubreachError as error:
            show_error(error)
            return
        if changed:
            st.warning(
                "Changed since: " + plain_markdown("; ".join(changed)) + ".", icon=":material/difference:"
            )
        else:
            st.success("Data and programs are those of the manifest.", icon=":material/check:")
        if st.button(
            "Make it again", key="evidence-again", icon=":material/replay:", help=f"Of {date_words(made)}."
        ):
            _make(request, st.session_state.get(state.FORMAT) or ".docx", made=made)


page()
