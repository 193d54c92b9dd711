"""Files and folders that appear whole or not at all: written beside their place, and put there in one step."""

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file, a text in UTF-8, so that a reader finds the earlier one or this one.

    It has the permissions of the earlier one, or those that any new file has. Where writing fails nothing is left.
    """
    write_all({path: content.encode("utf-8") if isinstance(content, str) else content})


def write_all(files: Mapping[Path, bytes | None]) -> None:
    """Writes each file as `write_whole` does, all of them or none; one with None in place of its content is removed."""
    beside = {path: _beside(path) for path, content in files.items() if content is not None}
    try:
        for path, made in beside.items():
            # x: what has this name already, a link among it, is not ours
            try:
                with made.open("xb") as file:
                    file.write(files[path] or b"")
            except OSError as error:
                error.filename = str(path)  # what is asked for, and not the name of the moment
                raise
            if path.exists():
                made.chmod(path.stat().st_mode & 0o777)
        for path, made in beside.items():
            made.replace(path)
    except BaseException:
        for made in beside.values():
            made.unlink(missing_ok=True)
        raise
    for path in files.keys() - beside.keys():
        path.unlink(missing_ok=True)


def save_json(path: Path, content: object) -> None:
    """Writes JSON with sorted keys, so that equal content gives equal bytes; the folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """An empty folder to fill, which has the name `path` once the block has ended, or is removed if that raises."""
    beside = _beside(path)
    beside.mkdir()
    try:
        yield beside
        beside.rename(path)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _beside(path: Path) -> Path:
    # another process, perhaps on another machine, may write the same file at the same time
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")
