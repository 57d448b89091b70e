"""Open reports in a headless browser: no outside request, no console error, tabs, axe, a PDF.

`python .ci/browser_check.py BROWSER REPORT...`; ends with 1 and says what does not hold. A page
that breaks the rules is opened first: a check that does not see it would be worth nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import unescape
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-default-apps", "--disable-extensions", "--enable-logging=stderr", "--v=0"),
)
PANELS = {"tab-chart": ["chart"], "tab-table": ["table"], "tab-sources": ["sources"]}
PROBE = """
(async () => {
  const told = {tabs: {}, axe: []};
  const visible = () => [...document.querySelectorAll('.panel')]
    .filter(each => getComputedStyle(each).display !== 'none').map(each => each.id);
  for (const label of document.querySelectorAll('.tabs > label')) {
    label.click();
    told.tabs[label.htmlFor] = visible();
    const found = await axe.run(document, {resultTypes: ['violations']});
    for (const each of found.violations)
      if (['serious', 'critical'].includes(each.impact))
        told.axe.push(each.id + ': ' + each.nodes.map(node => node.html).slice(0, 3).join(' '));
  }
  const pictures = [...document.images];
  told.pictures = pictures.length > 0 && pictures.every(each => each.naturalWidth > 100);
  told.wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
  const place = document.createElement('pre');
  place.id = 'told';
  place.textContent = JSON.stringify(told);
  document.body.append(place);
})();
"""
BROWSER = "not an origin"
"""Who asks for what the browser itself wants, such as its updates."""
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def browse(browser: str, page: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    """Open a page and end when it has loaded."""
    with tempfile.TemporaryDirectory() as profile:
        return subprocess.run(
            [browser, *FLAGS, f"--user-data-dir={profile}", *flags, page.as_uri()],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )


def requests(browser: str, page: Path, scratch: Path) -> list[str]:
    """The hosts that a page asks, and what the console says of it."""
    log = scratch / "net.json"
    done = browse(browser, page, "--dump-dom", f"--log-net-log={log}")
    asked = [event.get("params", {}) for event in json.loads(log.read_text())["events"]]
    hosts = {
        urlsplit(each["url"]).hostname
        for each in asked
        if "url" in each and each.get("initiator", BROWSER) != BROWSER
    }
    wrong = [f"asks {host}" for host in sorted(filter(None, hosts))]
    return wrong + [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def probed(browser: str, page: Path, scratch: Path) -> dict[str, object]:
    """What a script inside a copy of the page sees: its tabs, its pictures, axe's verdict."""
    text = page.read_text(encoding="utf-8")
    assert POLICY in text
    axe = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
    copy = scratch / "probed.html"
    probe = f"<script>{axe}</script><script>{PROBE}</script></body>"
    start = text.index("<meta http-equiv")
    text = text[:start] + text[text.index(">", start) + 1 :]
    copy.write_text(text.replace("</body>", probe), encoding="utf-8")
    dom = browse(browser, copy, "--dump-dom", "--virtual-time-budget=20000").stdout
    told: dict[str, object] = json.loads(
        unescape(dom.split('<pre id="told">')[1].split("</pre>")[0])
    )
    return told


def problems(browser: str, page: Path, scratch: Path) -> Iterator[str]:
    """What does not hold of a page."""
    yield from requests(browser, page, scratch)
    told = probed(browser, page, scratch)
    if told["tabs"] != PANELS:
        yield f"tabs: {told['tabs']}"
    yield from (f"axe: {each}" for each in told["axe"])  # type: ignore[attr-defined]
    if not told["pictures"]:
        yield "a picture is not shown"
    if told["wide"]:
        yield "the page is wider than the window"
    pdf = scratch / "page.pdf"
    browse(browser, page, f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    if not pdf.read_bytes().startswith(b"%PDF"):
        yield "it does not print"


def main() -> int:
    """Check every report; 1 where one does not hold."""
    browser, *pages = sys.argv[1:]
    wrong = 0
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        bad = scratch / "bad.html"
        bad.write_text('<title>bad</title><img src="http://127.0.0.1:9/x.png">')
        if not any("127.0.0.1" in each for each in requests(browser, bad, scratch)):
            print("a page that asks for a picture from outside was not seen")
            return 1
        for page in map(Path, pages):
            found = [*problems(browser, page.resolve(), scratch)]
            wrong += bool(found)
            for each in found:
                print(f"{page}: {each}")
    print(f"{len(pages)} reports in a browser, {wrong} with problems")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
