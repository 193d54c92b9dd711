"""Which version of a record counts where a file has several of it: the latest, and none where that withdraws it."""

from typing import NamedTuple

REPLACED = "replaced by a later version of it"


class Version(NamedTuple):
    """Of which record this is a version (empty where that is not told), its place among them, which is greater for a
    later one, and why it makes the earlier ones void, empty where it leaves them."""

    of: str = ""
    place: tuple[float, float, int, int] = (0, 0, 0, 0)
    voids: str = ""


class Versions:
    """The versions of the records of a file, as they come."""

    def __init__(self) -> None:
        self._latest: dict[str, Version] = {}

    def see(self, version: Version) -> None:
        """Takes in a version, which may make others void, before or behind it in the file."""
        if version.of and version.voids:
            self._latest[version.of] = max(version, self._latest.get(version.of, version), key=lambda v: v.place)

    def why_void(self, version: Version) -> str:
        """Why a version does not count; empty where it does."""
        latest = self._latest.get(version.of)
        return latest.voids if latest and version.place < latest.place else ""


def withdrawn(why: str) -> str:
    """Why the earlier versions of a record are void that was withdrawn for the reason `why`."""
    return f"withdrawn later: {why}"
