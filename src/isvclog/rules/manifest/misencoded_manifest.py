"""A file in an encoding that YAML does not have.

YAML is UTF-8, or UTF-16 with a byte order mark. kubectl refuses other encodings, and in Latin-1 every letter beyond
ASCII would be another one.

Instead: Save the file as UTF-8.

    # before
    metadata:
      annotations:
        team: caf�

    # after
    metadata:
      annotations:
        team: café
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

misencoded_manifest = documented("misencoded-manifest", Severity.ERROR, __name__)
