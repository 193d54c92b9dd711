"""A page as a test opens it in the browser: what it says to the console, and what it asks for."""

from pathlib import Path


def opened(browser, path: Path, width: int, **options):
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(path.as_uri())
    return page
