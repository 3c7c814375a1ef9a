"""The row over a record: save, undo, download, load again, and a word that says where things stand."""

from __future__ import annotations

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.text import slugify
from analysis.commissioning.storage import is_saved, record_text, remove_record, save_record
from pages.commission.drafts import NOUNS, SESSION_KEY, Draft, R, parsed
from pages.shared.layout import plain_markdown, show_error


def toolbar(draft: Draft[R], model: type[R]) -> None:
    """Save, undo, download, load again, and a word that says where things stand."""
    noun = NOUNS[draft.kind]
    with st.container(horizontal=True, vertical_alignment="center", key=f"toolbar-{draft.kind}", gap="small"):
        st.button(
            "Save with the place",
            key=draft.key("save"),
            on_click=_save,
            args=(draft,),
            icon=":material/save:",
            type="secondary" if draft.saved or draft.untouched else "primary",
            disabled=draft.saved,
            help=f"Writes this {noun} into the place's folder, so that it is there after a reload and for everyone who "
            "uses this installation. Until then it is in this session only.",
        )
        st.button(
            "Undo",
            key=draft.key("undo"),
            on_click=draft.undo,
            disabled=not draft.earlier,
            icon=":material/undo:",
            help="One step back.",
        )
        with st.popover("File", icon=":material/folder_open:"):
            _file(draft, model)
        st.caption(_status(draft))
    if draft.error is not None:
        show_error(draft.error)
        draft.error = None


def _file(draft: Draft[R], model: type[R]) -> None:
    noun = NOUNS[draft.kind]
    st.download_button(
        f"Download this {noun}",
        lambda: record_text(draft.record),
        f"{slugify(str(getattr(draft.record, 'name', noun))) or noun}.toml",
        "application/toml",
        key=draft.key("toml"),
        on_click="ignore",
        icon=":material/download:",
        help="As a TOML file that can be loaded again, here or on the command line.",
    )
    upload = draft.key("upload")
    st.file_uploader(
        f"Load a {noun} (TOML)", type="toml", key=upload, on_change=_load, args=(draft, model, upload)
    )
    st.button(
        "Back to what is on file",
        key=draft.key("revert"),
        on_click=_revert,
        args=(draft,),
        disabled=draft.saved or draft.on_file is None,
        help="Leaves every change since then; undo brings them back.",
    )
    st.button(
        "Delete the saved copy",
        key=draft.key("delete"),
        on_click=_delete,
        args=(draft,),
        disabled=not is_saved(draft.place, draft.kind, draft.slug),
        help="Removes the file that was saved here. What came with the place is there again after a reload.",
    )


def _status(draft: Draft[R]) -> str:
    if draft.untouched:
        return "Nothing entered yet"
    if not draft.saved:
        return "**Not saved**"
    own = is_saved(draft.place, draft.kind, draft.slug)
    return "Saved" if own else "As published"


def _save(draft: Draft[R]) -> None:
    try:
        path = save_record(draft.record, draft.place, draft.kind)  # type: ignore[arg-type]  # every record that is drafted has a name
    except HubreachError as error:
        draft.error = error
        return
    draft.on_file = draft.record
    drafts = st.session_state[SESSION_KEY][(draft.place, draft.kind)]
    if path.stem != draft.slug:
        drafts.pop(draft.slug, None)
        draft.slug = path.stem
        drafts[draft.slug] = draft
        st.session_state[f"open-{draft.kind}-{draft.place}"] = draft.slug
    st.toast(f"Saved: {plain_markdown(str(getattr(draft.record, 'name', '')))}", icon=":material/check:")


def _load(draft: Draft[R], model: type[R], upload: str) -> None:
    given = st.session_state.get(upload)
    if given is None:
        return
    try:
        draft.put(parsed(given.name, given.getvalue(), model))
    except HubreachError as error:
        draft.error = error


def _revert(draft: Draft[R]) -> None:
    if draft.on_file is not None:
        draft.put(draft.on_file)


def _delete(draft: Draft[R]) -> None:
    remove_record(draft.place, draft.kind, draft.slug)
    draft.on_file = None
