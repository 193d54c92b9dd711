"""The page of a report as what it is exported from: parsed, with nothing in it that only a screen or a folder has."""

from pathlib import Path

from bs4 import BeautifulSoup


def open_page(folder: Path) -> BeautifulSoup:
    """The page of the report in `folder`, without scripts."""
    page = BeautifulSoup((folder / "report.html").read_text(encoding="utf-8"), "html.parser")
    for script in page.select("script"):
        script.decompose()
    return page


def keep_links_that_lead_somewhere(page: BeautifulSoup) -> None:
    """An export travels alone: a link to a file of the report's folder becomes its text."""
    for link in page.select("a[href]"):
        if not link["href"].startswith(("#", "https://", "http://")):
            link.unwrap()


def keywords(page: BeautifulSoup) -> str:
    """The keywords of the case, as they are shown."""
    shown = page.select_one("header.page .keywords")
    return " ".join(shown.get_text(" ", strip=True).removeprefix("Keywords").split())


def marks(page: BeautifulSoup) -> list[str]:
    """What every page has to say before the title: DRAFT, SIMULATED."""
    return [mark.get_text(strip=True).upper() for mark in page.select("header.page .status")]


def alt_texts(page: BeautifulSoup) -> dict[str, str]:
    """The alt text of each figure of the page, by its name and in the order of the page."""
    figures = page.select("figure[id^=figure-]")
    return {f["id"].removeprefix("figure-"): f.select_one(".picture")["aria-label"] for f in figures}
