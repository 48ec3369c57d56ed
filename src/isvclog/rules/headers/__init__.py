"""Rules about `metadataHeaders`: names that no request header has, or that do not reach the component."""

from isvclog.rules.headers.duplicate_header import duplicate_header
from isvclog.rules.headers.malformed_header import malformed_header
from isvclog.rules.headers.non_canonical_header import non_canonical_header
from isvclog.rules.headers.unforwarded_header import unforwarded_header
from isvclog.rules.headers.unobservable_header import unobservable_header

RULES = (non_canonical_header, malformed_header, unobservable_header, unforwarded_header, duplicate_header)
