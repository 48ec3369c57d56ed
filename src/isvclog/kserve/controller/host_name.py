"""The host name that KServe's controller generates for a component in Standard mode.

Source: GenerateDomainName of reconcilers/ingress/domain.go, NewIngressConfig of pkg/apis/serving/v1beta1/configmap.go,
IsFullyQualifiedDomainName of k8s.io/apimachinery.
"""

import re
from collections.abc import Mapping
from contextlib import suppress

from isvclog.kserve.apis.installation import ConfigError, controller_config
from isvclog.kserve.golang.jsondecode import Field, Struct
from isvclog.kserve.golang.strconv import quote
from isvclog.patterns import late_pattern

_INGRESS = Struct("v1beta1.IngressConfig", (Field("ingressDomain", "string"), Field("domainTemplate", "string")))
_DOMAIN, _TEMPLATE = "example.com", "{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}"
_VARIABLE = late_pattern(r"\{\{\s*\.(Name|Namespace|IngressDomain)\s*\}\}")
_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = late_pattern(rf"{_LABEL}(?:\.{_LABEL})*")
_LONGEST_LABEL, _LONGEST_NAME = 63, 253
_SUBDOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    r"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)


def host_name_error(name: str, namespace: str, config: Mapping[str, str]) -> str:
    """Return the controller's error about the host name of a workload `name`; empty if the host name is valid.

    Also empty if the ConfigMap's `domainTemplate` uses more of Go's templates than names, and for a namespace that
    cannot exist, such as a placeholder.
    """
    if not re.fullmatch(_LABEL, namespace):
        return ""
    domain, template = _ingress(config)
    values = {"Name": name, "Namespace": namespace, "IngressDomain": domain}
    host = _VARIABLE.sub(lambda match: values[match[1]], template)
    # Go joins several errors, each once, in brackets.
    found = [] if "{{" in host else _problems(host)
    problems = list(dict.fromkeys(f"url: {problem}" for problem in found))
    if not problems:
        return ""
    joined = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
    return f"failed creating host name: invalid domain name {quote(host)}: {joined}"


def _ingress(config: Mapping[str, str]) -> tuple[str, str]:
    """Return `ingressDomain` and `domainTemplate` of the ConfigMap, or their defaults."""
    values: Mapping[str, str] = {}
    if "ingress" in config:
        with suppress(ConfigError):  # it has no other effect that is known
            values = controller_config(config, "ingress", _INGRESS, "unable to parse ingress config json: ")
    return values.get("ingressDomain") or _DOMAIN, values.get("domainTemplate") or _TEMPLATE


def _problems(host: str) -> list[str]:
    if not host:
        return ["Required value"]
    host = host.removesuffix(".")
    too_long = f"must be no more than {_LONGEST_NAME} characters" if len(host) > _LONGEST_NAME else ""
    malformed = "" if _SUBDOMAIN.fullmatch(host) else _SUBDOMAIN_RULE
    if too_long or malformed:
        return [f"Invalid value: {quote(host)}: {','.join(filter(None, (too_long, malformed)))}"]
    if "." not in host:
        segments = "should be a domain with at least two segments separated by dots"
        return [f"Invalid value: {quote(host)}: {segments}"]
    long = [label for label in host.split(".") if len(label) > _LONGEST_LABEL]
    return [f"Invalid value: {quote(label)}: must be no more than {_LONGEST_LABEL} characters" for label in long]
