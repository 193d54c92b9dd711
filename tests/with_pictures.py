"""A small case with pictures, made up: what cameras and scanners write beside the pixels is planted in their files."""

from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from made_up import seen, table, write_case

PICTURES = "day,file,kind,caption,alt,evidence,source,consent,cleared"
# whoever finds one of these in a report has found what was to stay behind
PLANTED = (b"Qwertzuiop", b"A17-4711-SN", b"seen by Asdfghjkl", b"2020:01:31")


def listed(day, file, kind="ct", **other: str) -> tuple:
    """A row of pictures.csv in which nothing is wrong, but for what `other` says."""
    row = dict.fromkeys(PICTURES.split(","), "")
    row |= {"day": str(day), "file": file, "kind": kind, "caption": f"The finding of {file}", "alt": f"A grey {kind}"}
    row |= {"evidence": "reported", "source": "Figure 1", "consent": "of the patient, in writing", "cleared": "yes"}
    return tuple((row | other).values())


def case_with(parent: Path, rows: list[tuple], **files: Image.Image) -> Path:
    """The folder of a case with these rows of pictures.csv, and these pictures saved by their names (`a_png`)."""
    values = [seen(day, "crp", value, "mg/L") for day, value in ((-1, 80), (3, 20))]
    folder = write_case(parent, values)
    (folder / "pictures").mkdir()
    for name, image in files.items():
        image.save(folder / "pictures" / name.replace("_", "."))
    (folder / "pictures.csv").write_text(table(PICTURES, rows), encoding="utf-8")
    return folder


def slope(mode: str = "L", size: tuple[int, int] = (40, 30)) -> Image.Image:
    """A picture that is dark on the left and bright on the right."""
    grey = np.tile(np.linspace(0, 255, size[0]).astype("uint8"), (size[1], 1))
    return Image.fromarray(grey).convert(mode)


def planted(path: Path, image: Image.Image) -> None:
    """Saves a picture with a person, a place, a day, a device and a comment in every part of its file."""
    exif = Image.Exif()
    exif[0x013B] = "Qwertzuiop"  # artist
    exif[0x0132] = "2020:01:31 10:15:00"
    exif[0x0112] = 3  # it was taken upside down
    exif.get_ifd(0x8769)[0xA431] = "A17-4711-SN"  # serial number of the camera
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 30.0, 59.25), 3: "E", 4: (114.0, 58.0, 48.5)})
    if path.suffix == ".png":
        info = PngImagePlugin.PngInfo()
        info.add_text("Author", "Qwertzuiop")
        info.add_itxt("Comment", "seen by Asdfghjkl")
        image.save(path, exif=exif, pnginfo=info)
    else:
        image.save(path, exif=exif, comment="seen by Asdfghjkl", xmp=b"<x>Qwertzuiop</x>")
    path.write_bytes(path.read_bytes() + b"A17-4711-SN")  # behind the end, where phones put films
