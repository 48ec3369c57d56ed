"""A template that only becomes a manifest when it is rendered.

A Helm chart, a Jinja template, or a file with placeholders or shell variables in place of lines is not YAML yet, so it
cannot be checked, and kubectl cannot read it either. Templates inside of values are data and are left alone.

Instead: Render it first and check the result: `helm template ... | isvclog lint -`.

    # before
    logger:
      mode: all
      url: {{ .Values.sink }}

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

templated_manifest = documented("templated-manifest", Severity.WARNING, __name__)
