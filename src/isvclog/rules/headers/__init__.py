"""Rules about `metadataHeaders`: names that no request header has, or that do not reach the component."""

from isvclog.rules.headers.non_canonical_header import non_canonical_header

RULES = (non_canonical_header,)
