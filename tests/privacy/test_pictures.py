"""Pictures: every entry of a camera or a drawing program that names a person or a device is refused."""

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base

from casereport.case.description import load_meta
from casereport.privacy.gate import check_privacy

WHO = "Wang Fang"


@pytest.mark.parametrize(
    ("tag", "ifd", "value"),
    [
        (Base.Artist, None, WHO), (Base.Copyright, None, WHO), (Base.HostComputer, None, "FANGS-MAC"),
        (Base.XPAuthor, None, WHO.encode("utf-16-le")), (Base.CameraOwnerName, IFD.Exif, WHO),
        (Base.BodySerialNumber, IFD.Exif, "A17"), (Base.LensSerialNumber, IFD.Exif, "B4"),
    ],
    ids=lambda x: getattr(x, "name", ""),
)  # fmt: skip
def test_an_entry_that_names_a_person_or_a_device_is_refused_whatever_it_says(data_dir, tag, ifd, value):
    folder = data_dir / "cases" / "leng2020"
    exif = Image.Exif()
    (exif if ifd is None else exif.get_ifd(ifd))[tag] = value
    Image.new("RGB", (4, 4)).save(folder / "scan.jpg", exif=exif)
    (problem,) = check_privacy(folder, load_meta(folder / "case.yaml", "case.yaml", "leng2020"), {})
    said = value if isinstance(value, str) else WHO
    assert (problem.file, problem.column, problem.value) == ("cases/leng2020/scan.jpg", tag.name, said)
