"""The page in a real browser: wide, narrow and dark, by keyboard, and without anything being fetched."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from locum.behaviour.redaction import Redaction
from locum.verify.model import Report
from locum.verify.reports import write

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--disable-dev-shm-usage"),
)
#: Looks at the page as a person does, and leaves what it saw in the title.
LOOK = """
<script nonce="look">
addEventListener("load", () => {
  const seen = (element) => element.getClientRects().length > 0;
  const colour = (name) => getComputedStyle(document.querySelector(name));
  const light = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
      .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const back = (element) => {
    for (; element; element = element.parentElement) {
      const found = getComputedStyle(element).backgroundColor;
      if (!found.endsWith(", 0)")) return found;
    }
  };
  const contrast = (element) => {
    const pair = [light(getComputedStyle(element).color), light(back(element))].sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05);
  };
  const texts = [...document.querySelectorAll(
    "h1, p, .badge, .mark, dt, dd, th, td, pre, del, ins, li, a, button, label")];
  const beyond = [...document.querySelectorAll("main *, header *")].filter((element) =>
    !element.closest(".scroll") && seen(element) && element.getBoundingClientRect().right > innerWidth + 1);
  const search = document.getElementById("search");
  const all = [...document.querySelectorAll("details.finding")];
  search.value = "traceback";
  search.dispatchEvent(new Event("input"));
  const found = all.filter(seen).map((element) => element.querySelector("summary").textContent);
  search.value = "";
  search.dispatchEvent(new Event("input"));
  const box = document.querySelector("input[value=known]");
  box.click();
  const unknown = all.filter(seen).length;
  box.click();
  const link = document.querySelector("table.matrix a.mark.warned");
  link.focus();
  link.click();
  setTimeout(() => {
    document.title = JSON.stringify({
      dark: light(back(document.body)) < 0.2,
      contrast: Math.min(...texts.filter(seen).map(contrast)),
      beyond: beyond.map((element) => element.outerHTML.slice(0, 80)),
      scrolls: document.documentElement.scrollWidth <= innerWidth,
      found, unknown, findings: all.length,
      opened: document.querySelector(location.hash).open,
      focused: document.activeElement.tagName,
      unreachable: [...document.querySelectorAll("a, button, summary, input")]
        .filter((element) => seen(element) && element.tabIndex < 0).length,
      fetched: performance.getEntriesByType("resource").map((entry) => entry.name),
      versus: new Set([...document.querySelectorAll(".versus > *")].slice(0, 2)
        .map((element) => element.getBoundingClientRect().top)).size,
    });
  }, 50);
});
</script>
"""


def looked_at(page: bytes, folder: Path, *flags: str) -> dict[str, Any]:
    """Return what a browser sees of *page*; the policy of the page is opened for the one who looks."""
    text = page.decode().replace("script-src '", "script-src 'nonce-look' '", 1)
    file = folder / "page.html"
    file.write_text(text.replace("</body>", f"{LOOK}</body>"))
    command = [CHROMIUM or "", *FLAGS, f"--user-data-dir={folder / 'profile'}", *flags, "--dump-dom"]
    done = subprocess.run(
        [*command, "--virtual-time-budget=3000", file.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "HOME": str(folder)},
    )
    title = re.search("<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title is not None
    seen: dict[str, Any] = json.loads(unescape(title[1]))
    return seen


@pytest.fixture
def page(report: Report, redaction: Redaction) -> bytes:
    """Return the page of the report."""
    return write("html", report, redaction, folder="/srv/shop")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
@pytest.mark.parametrize(
    ("width", "is_dark"), [(1280, False), (1280, True), (500, False)], ids=["wide", "dark", "narrow"]
)
def test_the_page_reads_well(page: bytes, tmp_path: Path, width: int, is_dark: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    """Nothing runs out of the window, contrast is enough, and everything works by keyboard and search."""
    flags = [f"--window-size={width},900"]
    if is_dark:
        flags.append("--blink-settings=preferredColorScheme=0")

    seen = looked_at(page, tmp_path, *flags)

    assert seen["dark"] is is_dark
    assert seen["contrast"] >= 4.5, "WCAG 2.2, 1.4.3"
    assert (seen["beyond"], seen["scrolls"]) == ([], True)
    assert seen["versus"] == (2 if width < 640 else 1)
    assert [" ".join(each.split()) for each in seen["found"]] == [
        "failure No request breaks the server: 100 % of them are answered (5xx)"
    ]
    assert (seen["findings"], seen["unknown"]) == (6, 5)
    assert (seen["opened"], seen["focused"]) == (True, "SUMMARY")
    assert seen["unreachable"] == 0
    assert seen["fetched"] == []


class Outline(HTMLParser):
    """Notes what a page refers to, its ids, and its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.anchors: list[str] = []
        self.ids: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element."""
        values = {name: text or "" for name, text in attrs}
        self.sources += [values[name] for name in ("src", "srcset", "data", "action") if name in values]
        if "href" in values:
            (self.anchors if values["href"].startswith("#") else self.sources).append(values["href"])
        self.ids += [values["id"]] if "id" in values else []
        self.headings += [tag] if re.fullmatch("h[1-6]", tag) else []


def test_the_page_stands_alone(page: bytes) -> None:
    """It refers to nothing outside, each of its links leads somewhere, and its script is the one it names."""
    outline = Outline()
    outline.feed(page.decode())

    assert outline.sources == ["data:,"]
    assert {each[1:] for each in outline.anchors} <= set(outline.ids)
    assert len(set(outline.ids)) == len(outline.ids)
    assert outline.headings[0] == "h1"
    assert outline.headings.count("h1") == 1
    assert "url(" not in page.decode()
    assert len(base64.b64decode(re.findall(r"sha256-([\w+/=]+)", page.decode())[0])) == 32


def test_the_page_tells_what_was_not_tested(page: bytes) -> None:
    """An operation without a success is named with its reason, so that silence is not taken for praise."""
    text = page.decode()

    assert "addPet: 201" in text
    assert "no credential may write" in text
    assert "known failure" in text
