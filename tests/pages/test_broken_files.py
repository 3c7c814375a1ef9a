"""Files in the user's folder that no reader can take: named and left out, and every page stands."""

from __future__ import annotations

from pathlib import Path

from tests.pages.conftest import OpenPage

HOSTILE = {
    "bin": b"\x00\xff\xfe",
    "deep": b"name = " + b"[" * 5_000,
    "dots": b"a." * 5_000 + b"a = 1",
    "hex": b"name = 'x'\n[[sites]]\nsite_id = 'a'\neasting = 0x" + b"F" * 5_000,
    "digits": b"name = 'x'\n[[sites]]\nsite_id = 'a'\neasting = 1" + b"0" * 5_000,
    "vast": b"name = 'x'\n[[sites]]\nsite_id = 'a'\nnew = true\neasting = 1e400",
}


def test_what_cannot_be_read_is_named_and_takes_no_page_away(run_page: OpenPage, tmp_path: Path) -> None:
    for kind, prefix in (("options", ""), ("indicators", "own_"), ("workshops", ""), ("contracts", "")):
        folder = tmp_path / "places" / "thurrock" / kind
        folder.mkdir(parents=True)
        for name, content in HOSTILE.items():
            (folder / f"{prefix}{name}.toml").write_bytes(content)
        (folder / f"{prefix}folder.toml").mkdir()
        (folder / f"{prefix}gone.toml").symlink_to("nowhere")
    (tmp_path / "places" / "atlantis" / "place.toml").mkdir(parents=True)
    names = (*HOSTILE, "folder", "gone")
    for page in ("options", "workshop", "commissioning"):
        app = run_page(page, place="thurrock")
        assert not app.exception
        assert app.title
        said = app.warning[0].value.replace("\\", "")
        assert all(f"own_{name}.toml" in said for name in names)
        if page != "commissioning":
            said = app.error[0].value.replace("\\", "")
            assert "the others are here" in said
            assert all(f"{name}.toml" in said for name in names)


def test_a_name_of_any_length_is_saved_or_refused_in_words(run_page: OpenPage) -> None:
    app = run_page("need", place="x" * 5_000, area="y" * 5_000)
    assert not app.exception
    assert app.title
