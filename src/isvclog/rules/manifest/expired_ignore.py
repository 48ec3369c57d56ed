"""An entry of `ignores` in the configuration whose date has passed.

`expires` says until when a finding may be put off. From that day on it is reported again, and so is the entry.

Instead: Correct what it ignores and remove the entry, or decide on a later date.

    # before
    ignores:
      - rule: cleartext-url
        reason: the sink gets a certificate this year
        expires: 2020-12-31

    # after
    ignores:
      - rule: cleartext-url
        reason: the mesh encrypts
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

expired_ignore = documented("expired-ignore", Severity.WARNING, __name__)
