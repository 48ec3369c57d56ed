"""An audit as one HTML page that needs nothing else: no server, no network, and no script to be read.

The page is written for a browser that runs no script, such as that of a CI system which shows artifacts; the script
only filters the services. Script and style are allowed by their hashes and everything else is forbidden, so that no
text of a cluster can become code.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files

from isvclog.audit.model import Audit
from isvclog.report.audit.page_parts import failure_list, overview, places, rule_table
from isvclog.report.audit.page_rows import filter_form, state_sections
from isvclog.report.audit.page_totals import PageTotals
from isvclog.report.formats import FormatSettings

_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


def write(audit: Audit, settings: FormatSettings) -> Iterator[str]:
    """Yield the page when the last row has arrived. What the page has of each row is kept as text until then."""
    collected = PageTotals()
    for row in audit:
        collected.add(row)
    page = files("isvclog.report.audit").joinpath("page.html").read_text(encoding="utf-8")
    head, _, tail = page.replace("<!--policy-->", _policy(page)).partition("<!--body-->\n")
    yield head
    when = datetime.fromtimestamp(settings.seconds, UTC)
    yield '<header>\n<h1>isvclog audit</h1>\n<p class="dim">Loggers of InferenceServices and the agents that run, '
    yield f'<time datetime="{when:%Y-%m-%dT%H:%M:%SZ}">{when:%Y-%m-%d %H:%M} UTC</time></p>\n</header>\n<main>\n'
    yield from overview(audit, collected)
    yield from failure_list(audit)
    yield from places(collected)
    yield from rule_table(collected, settings.describe)
    yield '<h2 id="services" tabindex="-1">Services</h2>\n'
    yield from filter_form(collected)
    yield from state_sections(collected)
    yield "<footer>Values that look secret are masked. <code>isvclog explain RULE</code> tells more.</footer>\n"
    yield f"</main>\n{tail}"


def _policy(page: str) -> str:
    """Build the content security policy that allows the script and the style of the page."""
    hashes = {kind: _hash(text) for kind, text in _INLINE.findall(page)}
    return (
        f"default-src 'none'; script-src {hashes['script']}; style-src {hashes['style']}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
