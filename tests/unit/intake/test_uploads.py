"""Uploads keep harmless names, in a folder that goes away."""

import pytest

from analysis.intake.files.uploads import UploadFolder, file_headings, is_recognised, safe_name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\file 7.csv", "file_7.csv"),
        (".hidden", "hidden"),
        ("..", "file"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("x" * 400 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_a_name_never_leaves_its_folder(given, name):
    assert safe_name(given) == name


def test_two_uploads_of_one_name_stand_side_by_side_and_both_go():
    folder = UploadFolder()
    first, second = folder.keep("a.csv", b"1"), folder.keep("../a.csv", b"2")
    assert (first.parent, first.name, second.name) == (folder.path, "a.csv", "2_a.csv")
    path = folder.path
    del folder
    assert not path.exists()


def test_headings_to_choose_from_and_whether_they_need_be(tmp_path):
    path = tmp_path / "zones.csv"
    path.write_text("Our zones\n\nZone,Patch,Zone\nx,P1,x\n")
    assert (file_headings(path), is_recognised(path)) == (["Zone", "Patch"], False)
    path.write_text("LSOA11CD,WD24CD\nE01000001,P1\n")
    assert (file_headings(path), is_recognised(path)) == (["LSOA11CD", "WD24CD"], True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    assert (file_headings(path), is_recognised(path)) == ([], False)
