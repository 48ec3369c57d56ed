"""A document that is too large (with its aliases expanded) or too deeply nested.

A Kubernetes object has about 1.5 MB at most. isvclog does not read a document of more than 16 MiB or 100 levels, or one
that becomes many times larger when its aliases are expanded. Otherwise a hostile file could use up the memory: a few
lines with aliases of aliases can expand to gigabytes.

Instead: Split it into several documents, and write values directly where they are needed.

    # before
    metadata:
      annotations:
        a: &a [fraud, fraud, fraud, fraud, fraud, fraud, fraud, fraud]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b]
        d: &d [*c, *c, *c, *c, *c, *c, *c, *c]
        # ... and so on

    # after
    metadata:
      annotations:
        a: fraud
"""
