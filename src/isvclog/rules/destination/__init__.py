"""Rules about the destination of events: the sink's URL and how it is trusted."""

from isvclog.rules.destination.cleartext_url import cleartext_url
from isvclog.rules.destination.empty_url import empty_url
from isvclog.rules.destination.former_broker import former_broker
from isvclog.rules.destination.looping_url import looping_url
from isvclog.rules.destination.missing_url import missing_url
from isvclog.rules.destination.unparsable_url import unparsable_url
from isvclog.rules.destination.unreachable_url import unreachable_url
from isvclog.rules.destination.unsupported_scheme import unsupported_scheme
from isvclog.rules.destination.untrusted_certificate import untrusted_certificate
from isvclog.rules.destination.unverified_tls import unverified_tls
from isvclog.rules.destination.url_credentials import url_credentials

RULES = (
    missing_url,
    empty_url,
    unparsable_url,
    unsupported_scheme,
    unreachable_url,
    former_broker,
    looping_url,
    url_credentials,
    cleartext_url,
    untrusted_certificate,
    unverified_tls,
)
