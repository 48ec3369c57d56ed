"""A template that must be rendered before it is a manifest.

A Helm chart, a Jinja template, or a file with placeholders or shell variables in place of lines is not YAML yet.
isvclog cannot check it, and kubectl cannot read it. Templates inside values are data and are not reported.

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
