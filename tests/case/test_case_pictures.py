"""The pictures of a case are read as its other tables are, and of a file nothing but what is seen is taken."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

import casereport as cr
from casereport.case import pictures as reading
from casereport.case.pictures import SIDE, pixels
from casereport.case.reading import read_case
from casereport.errors import BadInput
from casereport.files.hashes import made_from
from made_up import write_case
from with_pictures import PLANTED, case_with, listed, planted, slope


def problems_of(folder) -> list:
    with pytest.raises(BadInput) as bad:
        read_case(folder)
    return bad.value.problems


def refused(folder, name: str, content: bytes) -> str:
    """What the one problem is of a case whose picture has this content."""
    (folder / "pictures" / name).write_bytes(content)
    (problem,) = problems_of(folder)
    assert (problem.file, problem.line, problem.column) == ("cases/made-up/pictures.csv", 2, "file")
    assert problem.value.startswith(name)
    return problem.expected


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


# the table


def test_a_case_without_pictures_has_none(tmp_path):
    case = read_case(write_case(tmp_path))
    assert case.pictures == ()
    assert cr.pictures(case).empty


def test_pictures_are_numbered_by_day_and_stand_before_or_after_the_index_dose(tmp_path):
    rows = [
        listed(3, "c.png"),
        listed(0, "b.png"),
        listed("<0", "a.png"),
        listed("0..2", "d.png"),
        listed(">0", "e.png"),
    ]
    folder = case_with(tmp_path, rows, **{f"{name}_png": slope() for name in "abcde"})
    found = cr.pictures(read_case(folder)).set_index("file")
    before, after = "diagnostic-assessment", "follow-up-and-outcomes"
    assert found["section"].to_dict() == {
        "a.png": before,
        "b.png": before,
        "d.png": before,
        "e.png": after,
        "c.png": after,
    }
    assert sorted(found["number"]) == [1, 2, 3, 4, 5]
    assert found["number"]["a.png"] < found["number"]["b.png"] < found["number"]["c.png"]


def test_every_wrong_cell_is_named_at_once_with_its_line(tmp_path):
    wrong = {"kind": "CAT", "caption": "", "alt": "", "evidence": "seen", "source": "", "consent": "", "cleared": "no"}
    rows = [listed("soon", "b.png", **wrong), listed(1, "a.png"), listed(1, "pictures/a.png")]
    found = problems_of(case_with(tmp_path, rows, a_png=slope(), b_png=slope()))
    assert {p.column for p in found if p.line == 2} == {"day", *wrong}
    assert {p.file for p in found} == {"cases/made-up/pictures.csv"}
    assert [p.column for p in found if p.line != 2] == ["file"]
    assert "no program sees that" in next(p.expected for p in found if p.column == "cleared")


def test_a_picture_that_is_missing_unlisted_or_listed_twice_is_an_error(tmp_path):
    rows = [listed(1, "a.png"), listed(1, "gone.png"), listed(2, "a.png")]
    folder = case_with(tmp_path, rows, a_png=slope(), b_png=slope())
    (folder / "pictures" / ".DS_Store").write_bytes(b"x")  # nobody's
    found = {(p.file.removeprefix("cases/made-up/"), p.line): p.expected for p in problems_of(folder)}
    assert set(found) == {("pictures/b.png", 0), ("pictures.csv", 3), ("pictures.csv", 4)}
    assert found["pictures/b.png", 0].startswith("a row in pictures.csv")
    assert found["pictures.csv", 3] == "the file is missing"
    assert "line 2 already has this one" in found["pictures.csv", 4]


def test_pictures_without_their_table_are_an_error(tmp_path):
    folder = case_with(tmp_path, [], a_png=slope())
    (folder / "pictures.csv").unlink()
    (problem,) = problems_of(folder)
    assert (problem.file, problem.expected[:19]) == ("cases/made-up/pictures.csv", "the file is missing")


def test_a_link_out_of_the_case_is_not_followed(tmp_path):
    folder = case_with(tmp_path, [listed(1, "a.png")])
    slope().save(tmp_path / "elsewhere.png")
    (folder / "pictures" / "a.png").symlink_to(tmp_path / "elsewhere.png")
    assert "link that leads out" in problems_of(folder)[0].expected
    (folder / "pictures" / "a.png").unlink()
    (folder / "pictures").rmdir()
    (tmp_path / "album").mkdir()
    slope().save(tmp_path / "album" / "a.png")
    (folder / "pictures").symlink_to(tmp_path / "album")
    assert "link that leads out" in problems_of(folder)[0].expected


def test_more_pictures_than_a_page_holds_are_refused_unopened(tmp_path):
    folder = case_with(tmp_path, [listed(1, f"{i}.png") for i in range(reading.MOST + 1)])
    (problem,) = problems_of(folder)
    assert (problem.line, problem.expected) == (reading.MOST + 2, "at most 20 pictures; found 21")


def test_a_report_is_made_from_its_pictures(tmp_path):
    folder = case_with(tmp_path, [listed(1, "a.png")], a_png=slope())
    before, hashes = made_from(str(folder)), read_case(folder).hashes
    slope("RGB").save(folder / "pictures" / "a.png")
    now = made_from(str(folder))
    assert {part for part in now if now[part] != before.get(part)} == {"input: cases/made-up/pictures/a.png"}
    assert {"cases/made-up/pictures/a.png", "cases/made-up/pictures.csv"} <= set(hashes)


# the files


@pytest.fixture
def folder(tmp_path):
    """A case that lists one picture, which is not there yet."""
    return case_with(tmp_path, [listed(1, "a.png")])


def test_dicom_is_refused_with_the_way_out(folder):
    assert "export it as PNG with the burnt-in text off" in refused(folder, "a.png", b"\0" * 128 + b"DICM" + b"\0" * 90)


@pytest.mark.parametrize("side", [5_500, 12_000, 20_000])  # pixels: 30 million are ours, 89 and 179 Pillow's bounds
def test_a_bomb_is_refused_before_it_is_decoded(folder, monkeypatch, side):
    bomb = saved(Image.new("1", (side, side)), "PNG")  # at most 50 kB
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("it was decoded"))
    assert len(bomb) < 100_000
    assert refused(folder, "a.png", bomb) == "at most 30 million pixels: save it smaller"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (saved(slope("CMYK"), "JPEG"), "RGB, not as CMYK"),
        (saved(Image.new("I;16", (4, 4)), "PNG"), "8 bits of grey"),
        (saved(Image.new("F", (4, 4)), "TIFF"), "8 bits of grey"),
        (saved(slope("LAB"), "TIFF"), "grey or RGB with 8 bits"),
        (saved(slope(), "PNG", save_all=True, append_images=[slope().transpose(0)]), "a single picture"),
        (saved(slope(), "TIFF", save_all=True, append_images=[slope()]), "a single picture"),
        (saved(slope("P"), "GIF"), "a picture of PNG, JPEG, TIFF, WebP or BMP"),
        (saved(slope("RGB"), "PNG")[:90], "that is complete"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a picture of PNG"),
        (b"", "a picture of PNG"),
    ],
    ids=["CMYK", "16 bits", "float", "LAB", "moving", "pages", "GIF", "half", "SVG", "empty"],
)
def test_what_cannot_be_shown_as_it_is_is_refused_with_the_way_out(folder, content, expected):
    assert expected in refused(folder, "a.png", content)


def test_a_file_larger_than_a_picture_is_refused_unread(folder):
    with (folder / "pictures" / "a.png").open("wb") as file:
        file.truncate(reading.LARGEST + 1)
    assert "at most 20 MB" in problems_of(folder)[0].expected


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_every_format_that_is_listed_is_read(tmp_path, form, mode):
    path = tmp_path / f"a.{form.lower()}"
    slope(mode).save(path, form)
    seen, drawn = np.asarray(pixels(path), int), np.asarray(slope("RGB"), int)
    assert np.abs(seen - drawn).max() <= (8 if form in ("JPEG", "WEBP") else 0)


def test_a_picture_of_a_phone_stands_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    slope("RGB", (40, 30)).save(tmp_path / "a.png", exif=exif)
    seen = pixels(tmp_path / "a.png")
    assert seen.size == (30, 40)
    assert seen.getpixel((5, 0)) == (0, 0, 0)  # what was left is above
    assert seen.getpixel((5, 39)) == (255, 255, 255)


def test_of_the_pictures_that_a_phone_writes_into_one_file_the_first_is_taken(tmp_path):
    first, preview = Image.new("RGB", (40, 30), "black"), Image.new("RGB", (40, 30), "white")
    first.save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[preview])
    assert Image.open(tmp_path / "a.jpg").n_frames == 2
    assert pixels(tmp_path / "a.jpg").getpixel((20, 15)) == (0, 0, 0)


def test_what_lies_behind_a_transparent_part_does_not_go_on(tmp_path):
    hidden = Image.new("RGBA", (4, 4), (200, 10, 10, 0))
    hidden.save(tmp_path / "a.png")
    assert set(pixels(tmp_path / "a.png").get_flattened_data()) == {(255, 255, 255)}


def test_colours_of_another_profile_become_those_of_a_screen(tmp_path):
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    at = {screen[i : i + 4]: i + 4 for i in range(132, 132 + 12 * int.from_bytes(screen[128:132], "big"), 12)}
    red, green = at[b"rXYZ"], at[b"gXYZ"]
    swapped = bytearray(screen)  # a device whose first colour is green, and whose second is red
    swapped[red : red + 8], swapped[green : green + 8] = screen[green : green + 8], screen[red : red + 8]
    for name, profile in (("same", screen), ("swapped", bytes(swapped))):
        Image.new("RGB", (4, 4), (200, 0, 0)).save(tmp_path / f"{name}.png", icc_profile=profile)
    assert pixels(tmp_path / "same.png").getpixel((0, 0)) == (200, 0, 0)
    assert pixels(tmp_path / "swapped.png").getpixel((0, 0)) == (0, 200, 0)


def test_a_broken_profile_is_refused(tmp_path):
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png", icc_profile=b"x" * 200)
    with pytest.raises(BadInput, match="that is complete"):
        pixels(tmp_path / "a.png")


def test_a_large_picture_is_shown_smaller_and_a_small_one_as_it_is(tmp_path):
    slope("L", (3000, 2000)).save(tmp_path / "large.png")
    slope("L", (300, 200)).save(tmp_path / "small.png")
    assert pixels(tmp_path / "large.png").size == (SIDE, SIDE * 2 // 3)
    assert pixels(tmp_path / "small.png").size == (300, 200)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.webp"])
def test_nothing_that_a_file_says_besides_its_pixels_is_in_them(tmp_path, name):
    if name.endswith(("png", "jpg")):
        planted(tmp_path / name, slope("RGB"))
    else:
        exif = Image.Exif()
        exif[0x013B] = "Qwertzuiop"
        slope("RGB").save(tmp_path / name, exif=exif)
    assert any(sign in (tmp_path / name).read_bytes() for sign in PLANTED)
    again = saved(pixels(tmp_path / name), "PNG")
    assert not [sign for sign in PLANTED if sign in again]
    assert not Image.open(io.BytesIO(again)).info
