"""A template that must be rendered before it is a manifest.

A Helm chart, a Jinja template, or a file with placeholders or shell variables in place of lines is not YAML yet.
isvclog cannot check it, and kubectl cannot read it.

In quotes, or in the middle of a value, `{{ .Values.sink }}`, `${SINK}` and `<sink>` can be read. isvclog then treats
the value as unknown: it reports nothing that depends on it, and checks the rest. Commands, arguments and environment
variables of containers are left out, because programs expand such text themselves.

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
