"""The pictures of a case: files in pictures/, each a row of pictures.csv, of which a report has the pixels alone.

Pillow decodes each and nothing else of the file goes on: no EXIF, position, name, date, thumbnail or comment, nothing
behind a transparent part. What is burnt into the pixels no program sees, so that the table has to say for each picture
that somebody has looked (`cleared`). Sizes are bounded before anything is decoded.
"""

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from casereport.case.description import CaseMeta
from casereport.case.folder import Folder
from casereport.case.rows import Picture
from casereport.case.schema import PICTURE_COLUMNS
from casereport.errors import BadInput, Problem
from casereport.files.paths import LITTER, PICTURES
from casereport.files.tables import MOST_PROBLEMS, Table, read_bytes, right_rows
from casereport.quantities.intervals import parse

if TYPE_CHECKING:
    from PIL import Image

FILE = "pictures.csv"
FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP")  # by their content, whatever the ending says
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"})
MOST = 20  # in a case: each is part of the page
LARGEST = 20 * 2**20
MOST_PIXELS = 30_000_000  # a phone's 24 million, which are 100 MB once decoded
SIDE = 1200  # pixels: as many as the width of a page shows at 190 an inch
_READ = "a picture of PNG, JPEG, TIFF, WebP or BMP"
_DICOM = "a picture, not DICOM, which holds the patient's name: export it as PNG with the burnt-in text off"
# grey or colour of 8 bits, with or without transparency
_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA"})
_DEEP = "8 bits of grey per pixel: export it as PNG with the window to be shown"
_OTHER_MODES = {
    "CMYK": "colours as RGB, not as CMYK for print: save it as RGB",
    **dict.fromkeys(("I", "F", "I;16", "I;16L", "I;16B", "I;16N"), _DEEP),
}


def read_pictures(source: Folder, meta: CaseMeta | None) -> tuple[Picture, ...]:
    """The pictures of a case in the order of pictures.csv, none where there are none; raises BadInput.

    Each file is decoded once, so that one that cannot be shown is known before a run.
    """
    folder, file = source.path / PICTURES, source.called(FILE)
    if folder.exists() and not folder.resolve().is_relative_to(source.path.resolve()):
        expected = "a folder in that of the case; this is a link that leads out of it"
        raise BadInput([Problem(source.called(f"{PICTURES}/"), 0, "", "", expected)])
    there = sorted(p.name for p in folder.iterdir() if not LITTER.fullmatch(p.name)) if folder.is_dir() else []
    if not source.has(FILE):
        if there:
            expected = f"the file is missing: {PICTURES}/ has {there[0]}, and each picture needs a row"
            raise BadInput([Problem(file, 0, "", "", expected)])
        return ()
    grid = source.grid(FILE)
    table, problems = right_rows(grid, file, PICTURE_COLUMNS)
    at = grid.header.index("file")
    files = {line: cells[at] for line, cells in grid.rows}
    for name in [name for name in there if name not in files.values()][:MOST_PROBLEMS]:
        expected = f"a row in {FILE} that names it, or no such file"
        problems.append(Problem(source.called(f"{PICTURES}/{name}"), 0, "", "", expected))
    if len(files) > MOST:
        expected = f"at most {MOST} pictures; found {len(files)}"
        raise BadInput([*problems, Problem(file, list(files)[MOST], "", "", expected)])
    problems += [*_wrong_files(files, file, folder), *_beyond(table, file, meta)]
    if problems:
        raise BadInput(problems)
    pictures = []
    for line, row in table.items():
        cells = {column: row[column] for column in PICTURE_COLUMNS if column != "cleared"}
        pictures.append(Picture(line=line, when=parse(row["day"]), **cells))  # type: ignore[arg-type]  # a day is there
    return tuple(pictures)


def _wrong_files(files: dict[int, str], file: str, folder: Path) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for line, name in files.items():
        if not name or name != Path(name).name:
            continue  # said of the cell
        if (earlier := first.setdefault(name, line)) != line:
            yield Problem(file, line, "file", name, f"a different picture; line {earlier} already has this one")
            continue
        try:
            pixels(folder / name)
        except BadInput as bad:
            yield from (Problem(file, line, "file", p.value or name, p.expected) for p in bad.problems)


def _beyond(table: Table, file: str, meta: CaseMeta | None) -> Iterator[Problem]:
    for line, row in table.items():
        if meta is not None and (expected := meta.too_late(parse(row["day"]))):
            yield Problem(file, line, "day", row["day"], expected)


def pixels(path: Path) -> "Image.Image":
    """The pixels of a picture as they are seen: upright, in the colours of a screen (sRGB), white where transparent.

    RGB, and no side longer than `SIDE`. Raises BadInput for what is no picture that can be shown.
    """
    from PIL import Image

    def refused(expected: str, value: str = "") -> BadInput:
        return BadInput([Problem(path.name, 0, "", value, expected)])

    content = read_bytes(path, path.name, LARGEST)
    if content[128:132] == b"DICM" or path.suffix.lower() in (".dcm", ".dicom"):
        raise refused(_DICOM)
    if path.suffix.lower() not in SUFFIXES:
        raise refused(f"{_READ}: {', '.join(sorted(SUFFIXES))}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is odd in a file and can be read all the same
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                # MPO is what many phones write as .jpg: what follows in it is a preview of the first
                if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
                    raise refused("a single picture; this file has several or is animated: save each separately")
                if image.mode not in _MODES:
                    expected = _OTHER_MODES.get(image.mode, "grey or RGB with 8 bits per channel: save it in this form")
                    raise refused(expected, f"{path.name} ({image.mode})")
                return _seen(image)
    except BadInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise refused(f"at most {MOST_PIXELS // 10**6} million pixels: save it smaller") from None
    except Exception as error:  # a damaged picture makes its decoder fail anywhere
        raise refused(f"{_READ} that is complete: {type(error).__name__}") from None


def _seen(image: "Image.Image") -> "Image.Image":
    from PIL import Image, ImageCms, ImageOps

    profile = image.info.get("icc_profile") if image.mode in ("RGB", "RGBA", "P") else None
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    paper = Image.new("RGBA", upright.size, "white")
    paper.alpha_composite(upright)
    shown = paper.convert("RGB")
    if profile:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(shown, own, ImageCms.createProfile("sRGB"))
        shown = shown if converted is None else converted
    shown.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return shown
