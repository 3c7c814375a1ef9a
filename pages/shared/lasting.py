"""What must not be lost when Streamlit stops a run, or a callback, in the middle.

Once the browser asks for another run, the one under way ends at its next touch of the session, the address or
the page, and a callback's click is not made again. A dict that was fetched before is no such touch: work that
takes time fetches it first and puts its results into it.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

KEY = "hubreach_lasting"


def lasting() -> dict[str, Any]:
    """Fetch the dict of the session; what is put into it stays, whatever becomes of the run."""
    if KEY not in st.session_state:
        st.session_state[KEY] = {}
    held: dict[str, Any] = st.session_state[KEY]
    return held
