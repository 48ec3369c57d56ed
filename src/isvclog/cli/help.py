"""Help pages of the commands: options below headings, and examples at the end."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Before you deploy": ("preview", "validate", "lint", "server", "mcp"),
    "Change what is logged": ("add-annotation", "remove-annotation"),
    "In a cluster": ("audit", "export-policy"),
    "Try it with traffic": ("simulate", "sink", "replay"),
    "For consumers of the events": ("events",),
    "Look up": ("rules", "explain", "schema", "doctor"),
}
"""The heading above each command of the overview."""

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "What to check": (
        *("filename", "stdin_filename", "helm", "values", "values_matrix", "set_", "kustomize", "chart_root"),
        *("no_ignore_vcs", "jobs", "component", "canary"),
    ),
    "What to edit": ("name", "all_", "url", "no_create", "overwrite", "with_value", "unshare"),
    "Request and response": ("event", "data", "response", "status", "header", "id_", "time", "full", "send"),
    "The traffic": ("rps", "payload", "sink_latency", "pods"),
    "The agent and its sink": (
        *("env", "watch", "listen", "upstream", "sink", "ca_dir", "blob_dir", "bounded", "timeout", "retries"),
        *("max_metadata", "grace", "redact", "metrics", "to", "rate"),
    ),
    "What to expect and keep": ("expect", "count_", "pair_timeout", "record", "forward", "web", "web_listen"),
    "Failures to try": ("fail_rate", "delay", "max_header"),
    "Rules": ("strict", "select", "ignore", "no_ignores", "show_suppressed", "baseline", "write_baseline"),
    "Changes": ("fix", "unsafe_fixes", "diff", "check", "stdout", "dry_run"),
    "KServe release and settings": (
        *("kserve_version", "from_", "deployment_mode", "inferenceservice_config", "serving_runtime", "distribution"),
        "sink_profile",
    ),
    "The policies to write": ("target", "action", "tests"),
    "Project file": ("config", "no_config"),
    "Output and exit code": (
        *(
            "output",
            "by",
            "compare",
            "output_file",
            "catalog",
            "force",
            "fail_on",
            "fail_on_empty",
            "exit_zero",
            "exit_code",
            "quiet",
            "verbose",
            "reveal",
        ),
        "color",
    ),
    "Cluster": (
        *("live", "namespace", "all_namespaces", "selector", "context", "all_contexts", "kubeconfig", "as_"),
        *("as_group", "request_timeout", "kserve_namespace", "offline"),
    ),
    "Other": ("stdio", "help", "version", "install_completion", "show_completion"),
}
"""The heading above each option, by the name of its parameter."""

_ELSEWHERE: Mapping[tuple[str, str], str] = {
    ("preview", "diff"): "What to check",
    ("sink", "status"): "Failures to try",
    ("sink", "sink_profile"): "Failures to try",
    ("sink", "timeout"): "What to expect and keep",
    ("add-annotation", "component"): "What to edit",
    ("add-annotation", "filename"): "What to edit",
    ("add-annotation", "helm"): "What to edit",
    ("add-annotation", "values"): "What to edit",
    ("add-annotation", "set_"): "What to edit",
    ("add-annotation", "kustomize"): "What to edit",
    ("add-annotation", "stdin_filename"): "What to edit",
    ("add-annotation", "no_ignore_vcs"): "What to edit",
    ("add-annotation", "force"): "Changes",
    ("remove-annotation", "component"): "What to edit",
    ("remove-annotation", "filename"): "What to edit",
    ("remove-annotation", "helm"): "What to edit",
    ("remove-annotation", "values"): "What to edit",
    ("remove-annotation", "set_"): "What to edit",
    ("remove-annotation", "kustomize"): "What to edit",
    ("remove-annotation", "stdin_filename"): "What to edit",
    ("remove-annotation", "no_ignore_vcs"): "What to edit",
    ("remove-annotation", "force"): "Changes",
    ("audit", "watch"): "Output and exit code",
    ("events compare", "to"): "KServe release and settings",
    ("events estimate", "response"): "The traffic",
    ("events estimate", "header"): "The traffic",
}
"""The heading above an option that means something else in one command."""

EXAMPLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "isvclog": (
        ("isvclog lint", "all manifests below the current folder"),
        ("isvclog preview isvc.yaml", "the events of a manifest"),
        ("isvclog add-annotation -f isvc.yaml example.com/tenant=acme", "log one more annotation"),
        ("isvclog explain no events arrive", "why something is missing in a cluster"),
    ),
    "preview": (
        ("isvclog preview isvc.yaml", "the events of a manifest"),
        ("isvclog preview fraud -n ml", "those of a service in the cluster"),
        ("isvclog preview isvc.yaml -o curl | sh", "send them to the sink"),
        ("isvclog preview --diff main:deploy deploy", "what changes in the events since a revision of git"),
    ),
    "validate": (
        ("isvclog validate", "all manifests below the current folder"),
        ("isvclog validate --strict --kserve-version 0.15 k8s/", "every field, for a release"),
        ("isvclog validate --helm chart --values prod.yaml", "a chart"),
    ),
    "lint": (
        ("isvclog lint", "all manifests below the current folder"),
        ("isvclog lint --fix isvc.yaml", "and apply safe fixes"),
        ("isvclog lint -k overlays/prod", "an overlay; findings name its files"),
        ("isvclog lint --live -A", "all services of the cluster"),
    ),
    "add-annotation": (
        ("isvclog add-annotation -f isvc.yaml example.com/tenant=acme", "set it and log it"),
        ("isvclog add-annotation -f isvc.yaml example.com/tenant --diff", "show what would change"),
        ("isvclog add-annotation --helm chart example.com/tenant", "in the template of a chart"),
        ("isvclog add-annotation fraud example.com/tenant=acme", "in the cluster"),
    ),
    "remove-annotation": (
        ("isvclog remove-annotation -f isvc.yaml example.com/tenant", "stop logging it"),
        ("isvclog remove-annotation -f isvc.yaml example.com/tenant --with-value", "and remove it from the service"),
    ),
    "audit": (
        ("isvclog audit -A", "all services of the cluster"),
        ("isvclog audit -n ml --watch", "one namespace, updated until Ctrl-C"),
        ("isvclog audit --all-contexts -o html > audit.html", "every cluster of the kubeconfig, as a page"),
        ("isvclog audit -A --compare yesterday.json", "what has changed since `isvclog audit -A -o json`"),
    ),
    "export-policy": (
        ("isvclog export-policy --target vap | kubectl apply -f -", "warn whoever applies a wrong service"),
        ("isvclog export-policy --target vap --action deny --select crashing-annotation", "and reject one defect"),
        (
            "isvclog export-policy --target kyverno --tests suite > policies.yaml",
            "and a suite for `kyverno test`",
        ),
    ),
    "simulate": (
        ("isvclog simulate isvc.yaml", "with a sample model; show the events"),
        ("isvclog simulate isvc.yaml --sink http://127.0.0.1:8080", "send them to a sink"),
        ("isvclog simulate fraud --upstream http://127.0.0.1:8000", "a service of the cluster, a model of your own"),
    ),
    "sink": (
        ("isvclog sink", "show the events that arrive"),
        ("isvclog sink --expect isvc.yaml --count 2 --timeout 60", "a test in CI"),
        ("isvclog sink --web", "a page with the live stream"),
        ("isvclog sink --record events.jsonl", "keep them for isvclog replay"),
    ),
    "replay": (
        ("isvclog replay events.jsonl --to http://127.0.0.1:8080", "as fast as they are accepted"),
        ("isvclog replay - --to http://127.0.0.1:8080 --rate 10", "from a pipe, ten in a second"),
    ),
    "server": (
        ("isvclog server", "what an editor starts"),
        ("isvclog server --stdio", "the same, for an editor that adds this"),
    ),
    "mcp": (
        ("isvclog mcp", "what a coding agent starts, in the folder of the manifests"),
        ("isvclog mcp < calls.jsonl", "answer the calls in a file"),
    ),
    "events": (
        ("isvclog events schema -f isvc.yaml", "the JSON Schema of the events of a manifest"),
        ("isvclog events schema -f isvc.yaml -o sql | sqlite3 events.db", "a table for them"),
        ("isvclog events estimate -f isvc.yaml --rps 200", "how many there will be"),
        ("isvclog events compare -f k8s/ --from 0.15 --to 0.21", "what an upgrade changes in them"),
    ),
    "events compare": (
        ("isvclog events compare -f k8s/ --from 0.15 --to 0.21", "all services in a folder"),
        ("isvclog events compare --live -A --to 0.21", "all services of the cluster, from its release"),
        ("isvclog events compare -f k8s/ --from 0.15 -o markdown", "for an issue"),
    ),
    "events estimate": (
        ("isvclog events estimate -f isvc.yaml --rps 200", "how many, with bodies of the sample"),
        (
            "isvclog events estimate -f isvc.yaml --rps 200 --payload 4KiB --response 64KiB",
            "with larger bodies",
        ),
        (
            "isvclog events estimate -f isvc.yaml --rps 200 --sink-latency 20ms",
            "whether it keeps up",
        ),
    ),
    "events schema": (
        ("isvclog events schema -f isvc.yaml", "JSON Schema"),
        ("isvclog events schema -f isvc.yaml -o sql | sqlite3 events.db", "a table for them"),
        ("isvclog events schema -f k8s/ -o avro --kserve-version 0.16", "of all loggers in a folder, for a release"),
    ),
    "rules": (
        ("isvclog rules", "all rules"),
        ("isvclog rules -o json", "for programs"),
    ),
    "explain": (
        ("isvclog explain", "all symptoms and rules"),
        ("isvclog explain no events arrive", "a symptom, in words"),
        ("isvclog explain injected-annotation", "a rule"),
        ("isvclog explain injected-annotation non-canonical-header -o markdown", "two, for a page"),
    ),
    "schema": (
        ("isvclog schema > isvc.schema.json", "for an editor"),
        ("isvclog schema 0.16", "that of a release"),
        ("isvclog schema --catalog schemas", "for yaml-language-server and kubeconform"),
    ),
    "doctor": (
        ("isvclog doctor", "for an issue"),
        ("isvclog doctor --context prod -A", "what may be read in all namespaces of another cluster"),
        ("isvclog doctor --offline -o json", "what is installed, for programs"),
    ),
}
"""Command lines and what they are for, by command."""

_RANGE = re.compile(r"  \[((?:default: [^\]]*|(?:; )?[-0-9.]*<?=?x[<>]=?[-0-9.]*)+)\]\Z")


def heading_of(command: str, parameter: str) -> str:
    """Return the heading above an option. Raises KeyError for an option that has none."""
    by_parameter = {name: heading for heading, names in HEADINGS.items() for name in names}
    return _ELSEWHERE.get((command, parameter)) or by_parameter[parameter]


def write_options(command: Any, context: Any, formatter: Any) -> None:
    """Write arguments and options of a command of typer, each option below its heading."""
    sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], **{heading: [] for heading in HEADINGS}}
    for heading, record in _records(command, context):
        sections[heading].append(record)
    for heading, records in sections.items():
        if records:
            with formatter.section(heading):
                formatter.write_dl(records)


def _records(command: Any, context: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    for parameter in command.get_params(context):
        if record := parameter.get_help_record(context):
            is_argument = parameter.param_type_name == "argument"
            heading = "Arguments" if is_argument else heading_of(command.name, parameter.name)
            yield heading, (record[0], _RANGE.sub(_without_range, record[1]))


def _without_range(found: re.Match[str]) -> str:
    """Leave only the default of what typer writes in brackets: `[default: 0; x>=0]`."""
    kept = [part.replace("(", "").replace(")", "") for part in found[1].split("; ") if part.startswith("default")]
    return f"  [{kept[0]}]" if kept else ""


def write_commands(summaries: Mapping[str, str], formatter: Any) -> None:
    """Write the overview of the commands, each below its heading."""
    for heading, names in GROUPS.items():
        with formatter.section(heading):
            formatter.write_dl([(name, summaries[name]) for name in names])


def write_list(heading: str, summaries: Mapping[str, str], formatter: Any) -> None:
    """Write the commands of a group below one heading."""
    with formatter.section(heading):
        formatter.write_dl(list(summaries.items()))


def write_examples(command: str, formatter: Any) -> None:
    """Write the examples of a command; a line is as long as it is, so that it can be copied."""
    with formatter.section("Examples"):
        for line, purpose in EXAMPLES[command]:
            formatter.write(f"{'':{formatter.current_indent}}# {purpose}\n")
            formatter.write(f"{'':{formatter.current_indent}}{line}\n")
