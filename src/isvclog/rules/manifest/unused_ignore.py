"""An ignore that suppresses nothing.

A comment `# isvclog: ignore[rule] reason`, or an entry of `ignores` in `.isvclog.yaml`, for a finding that is not there
(any more) hides the next one of its kind.

Instead: Remove it, or write the name of the rule that is meant.

    # before
    logger:
      mode: all
      # isvclog: ignore[cleartext-url] the mesh encrypts
      url: https://sink.example.com

    # after
    logger:
      mode: all
      url: https://sink.example.com
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

unused_ignore = documented("unused-ignore", Severity.WARNING, __name__)
