"""Inputs by number: the same seed and number always give the same files, objects and commands."""

import json
import random

from . import grammar, hostile, nodes, splicing
from .cases import MANIFEST, Answer, Case, Chance, Json, Secret, Step

KEY = "fuzz.example.com/key"
REPORTS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson")
PREVIEWS = ("text", "json", "yaml", "http", "curl", "cloudevent")
AUDITS = ("text", "json", "csv", "markdown", "html", "sarif", "openmetrics", "openreports", "policyreport")
RELEASES = ("0.11.0", "0.14.1", "0.15.0", "0.16.0", "0.18.0", "0.20.0")
_NAMES = (
    "a b.yaml",
    "x\x1b[31m.yaml",
    "::error::fuzz.yaml",
    "##[group]fuzz.yml",
    "=1+1.yaml",
    "%0A,:.json",
    "-x.yaml",
    "ünï.yaml",
)


class Generator:
    """Makes inputs. Without a corpus all of them come from the grammar."""

    def __init__(self, seed: str, structures: list[Json], corpus: splicing.Corpus | None) -> None:
        self.seed = seed
        self.grammar = grammar.Grammar(structures)
        self.corpus = corpus

    def case(self, number: int) -> Case:
        """Make the input of a number."""
        chance = random.Random(f"{self.seed} {number}")
        drawn = chance.random()
        if drawn < 0.2:
            return self._live(number, chance)
        how = "edit" if drawn < 0.6 else "file"
        if self.corpus and chance.random() < 0.35:
            data, origin, secrets = self.corpus.splice(chance)
            origin = f"{how}: {origin}"
        else:
            data, secrets = self._document(chance)
            origin = f"{how}: grammar"
        name = chance.choice(_NAMES) if chance.random() < 0.04 and how == "file" else MANIFEST
        files = {name: data}
        if chance.random() < 0.08:
            files[".isvclog.yaml"] = _project(chance)
        if chance.random() < 0.05:
            files["config.yaml"] = json.dumps(_config(chance, secrets)).encode()
        steps = _edits(chance) if how == "edit" else _reads(chance, "config.yaml" in files)
        return Case(number, origin, files, steps, tuple(secrets))

    # Files

    def _document(self, chance: Chance) -> tuple[bytes, list[Secret]]:
        found: list[Json] = []
        secrets: list[Secret] = []
        for _ in range(chance.choice((1, 1, 1, 1, 2, 3))):
            data, planted = self.grammar.service(chance)
            found.append(data)
            secrets += planted
            if chance.random() < 0.08:
                found.append(_other(chance))
        if chance.random() < 0.12:
            found = [{"apiVersion": "v1", "kind": chance.choice(("List", "InferenceServiceList")), "items": found}]
        if chance.random() < 0.15:
            return _as_json(found, chance), secrets
        writer = nodes.Writer(chance)
        parts = []
        for data in found:
            root = nodes.node_of(data)
            if isinstance(root, nodes.Collection):
                nodes.disturb(root, chance)
            parts.append(writer.write(root))
        head = chance.choice(
            ("", "", "", "---\n", "# note\n", "%YAML 1.1\n---\n", "%TAG ! tag:x,2000:\n---\n", "\n\n", "--- # c\n")
        )
        between = chance.choice(("---\n", "---\n", "--- \n", "...\n---\n", "---\n---\n", "--- # c\n", "\n---\n\n"))
        text = head + between.join(parts)
        if chance.random() < 0.1:
            text = text.rstrip("\n")
        return nodes.encode(text, chance), secrets

    # Clusters

    def _live(self, number: int, chance: Chance) -> Case:
        secrets: list[Secret] = []
        objects: list[Json] = []
        for _ in range(chance.choice((1, 1, 2, 3))):
            data, planted = self.grammar.service(chance)
            secrets += planted
            objects.append(data)
            if chance.random() < 0.4:
                objects.append(_pod(data, chance, secrets))
        if chance.random() < 0.15:
            secret = hostile.secret(chance)
            metadata = objects[0].get("metadata") if isinstance(objects[0], dict) else None
            if isinstance(metadata, dict) and isinstance(metadata.get("annotations"), dict):
                applied = {
                    "kind": "InferenceService",
                    "metadata": {"annotations": {secret.key or "note": secret.text}},
                    "spec": {},
                }
                metadata["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] = json.dumps(applied)
                secrets.append(secret)
        if chance.random() < 0.9:
            objects.append(_config(chance, secrets))
        objects.append(_runtime())
        if chance.random() < 0.3:
            grammar.damage(objects[-2], chance)
        answers, warnings = _answers(chance, secrets)
        name = _name_of(objects[0])
        return Case(number, "live: grammar", {}, _asks(chance, name), tuple(secrets), tuple(objects), answers, warnings)


def _as_json(found: list[Json], chance: Chance) -> bytes:
    """Write as JSON, which is YAML too."""
    indent = chance.choice((None, 2, 1))
    data = found[0] if len(found) == 1 else {"apiVersion": "v1", "kind": "List", "items": found}
    text = json.dumps(data, indent=indent, ensure_ascii=chance.random() < 0.5)
    return nodes.encode(text + chance.choice(("", "\n", "\n\n")), chance)


def _other(chance: Chance) -> Json:
    """Make an object of another kind, with something hostile in it."""
    kind = chance.choice(("ConfigMap", "Secret", "InferenceGraph", "TrainedModel", "Workflow", "ClusterPolicy"))
    data: Json = {
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {"name": "other"},
        "data": {"InferenceService": hostile.value(chance)},
    }
    return data


def _config(chance: Chance, secrets: list[Secret]) -> Json:
    """Make KServe's ConfigMap."""
    agent: Json = {
        "image": "kserve/agent:v0.20.0",
        "memoryRequest": "1",
        "memoryLimit": "1",
        "cpuRequest": "1",
        "cpuLimit": "1",
    }
    logger = dict(agent)
    drawn = chance.random()
    if drawn < 0.3:
        secret = hostile.url_with(chance)
        logger["defaultUrl"] = secret.text
        secrets.append(secret)
    elif drawn < 0.5:
        secret = hostile.secret(chance)
        logger[secret.key or "note"] = secret.text
        secrets.append(secret)
    for _ in range(chance.choice((0, 0, 1, 2))):
        logger[chance.choice((*logger, "caBundle", "tlsSkipVerify", "defaultUrl"))] = hostile.value(chance)
    data = {
        "logger": json.dumps(logger),
        "agent": json.dumps(agent),
        "batcher": json.dumps(agent),
        "inferenceService": "{}",
    }
    if chance.random() < 0.2:
        data[chance.choice(("logger", "agent", "deploy", "inferenceService"))] = chance.choice(hostile.TEXTS)
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "inferenceservice-config", "namespace": "kserve"},
        "data": data,
    }


def _runtime() -> Json:
    spec = {
        "supportedModelFormats": [{"name": "sklearn", "autoSelect": True}],
        "containers": [{"name": "kserve-container"}],
    }
    return {
        "apiVersion": "serving.kserve.io/v1alpha1",
        "kind": "ClusterServingRuntime",
        "metadata": {"name": "sk"},
        "spec": spec,
    }


def _name_of(data: Json) -> str:
    metadata = data.get("metadata") if isinstance(data, dict) else None
    name = metadata.get("name") if isinstance(metadata, dict) else None
    usable = isinstance(name, str) and name and not name.startswith("-") and "\0" not in name and max(name) < "\ud800"
    return str(name) if usable else "iris"


def _pod(service: Json, chance: Chance, secrets: list[Secret]) -> Json:
    """Make a pod of the predictor with an agent, whose arguments may be hostile or secret."""
    arguments = ["--log-url", "http://sink", "--log-mode", "all", "--inference-service", "iris", "--namespace", "ml",
    "--component", "predictor",
                 "--metadata-annotations", "example.com/team=red", "--component-port", "8080"]  # fmt: skip
    for _ in range(chance.choice((0, 0, 1, 2))):
        arguments[chance.randrange(len(arguments))] = str(chance.choice(hostile.TEXTS))
    if chance.random() < 0.4:
        secret = hostile.secret(chance)
        if secret.is_bare:
            arguments[arguments.index("--component-port", 0) if "--component-port" in arguments else -1] = (
                "--component-port"
            )
            arguments += ["--metadata-annotations", f"{secret.key}={secret.text}"]
            secret = Secret("pair", f"{secret.key}={secret.text}", secret.needle)
        else:
            arguments[1] = secret.text
        secrets.append(secret)
    labels = {
        "serving.kserve.io/inferenceservice": _name_of(service),
        "component": "predictor",
        "pod-template-hash": "6b7d",
    }
    pod: Json = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"iris-predictor-{chance.randrange(9**6)}",
            "namespace": "ml",
            "labels": labels,
            "annotations": {"team": "red"},
        },
        "spec": {
            "containers": [
                {"name": "kserve-container"},
                {"name": "agent", "image": "kserve/agent:v0.20.0", "args": arguments},
            ]
        },
        "status": {
            "phase": "Running",
            "containerStatuses": [{"name": "agent", "ready": True, "restartCount": 0, "state": {"running": {}}}],
        },
    }
    if chance.random() < 0.3:
        waiting = {"reason": "CrashLoopBackOff", "message": chance.choice(hostile.TEXTS)}
        pod["status"]["containerStatuses"][0] |= {"ready": False, "restartCount": 7, "state": {"waiting": waiting}}
    if chance.random() < 0.3:
        grammar.damage(pod["spec"], chance)
    return pod


def _answers(chance: Chance, secrets: list[Secret]) -> tuple[tuple[Answer, ...], tuple[str, ...]]:
    """Make what the API server answers wrongly, if anything, and what it warns of."""
    found: list[Answer] = []
    warnings: tuple[str, ...] = ()
    drawn = chance.random()
    message = str(chance.choice(hostile.TEXTS))
    if chance.random() < 0.4:
        secret = hostile.secret(chance)
        if not secret.is_bare:
            secrets.append(secret)
            message = secret.text
    prefix = chance.choice(("/apis/serving.kserve.io/v1beta1", "/api/v1/namespaces/kserve", "/api/v1",
    "/apis/apiextensions.k8s.io", "/version",
                            "/apis/serving.kserve.io/v1alpha1"))  # fmt: skip
    if drawn < 0.12:
        status = {
            "kind": "Status",
            "apiVersion": "v1",
            "status": "Failure",
            "message": message,
            "reason": chance.choice(("Forbidden", message)),
        }
        found.append(Answer(prefix, chance.choice((400, 401, 403, 404, 409, 410, 415, 422)), json.dumps(status)))
    elif drawn < 0.2:
        item = {"metadata": {"name": message, "namespace": message}, "kind": message, "spec": message}
        bodies = (
            "", "{", "null", "[]", '"x"', "<html>" + message, '{"items": null}', '{"items": {}}', "9" * 5000,
            "[" * 5000, '{"items": [null, 1, "x", []]}', '{"kind": 1, "items": [{"metadata": []}]}',
            '{"metadata": {"continue": 5}, "items": []}', json.dumps({"items": [item]}),
        )  # fmt: skip
        found.append(Answer(prefix, 200, chance.choice(bodies)))
    elif drawn < 0.3:
        warnings = (message,)
    return tuple(found), warnings


# Commands


def _options(chance: Chance) -> list[str]:
    options: list[str] = []
    if chance.random() < 0.25:
        options += ["--kserve-version", chance.choice(RELEASES)]
    if chance.random() < 0.05:
        options += ["--color", "always"]
    return options


def _reads(chance: Chance, has_config: bool) -> tuple[Step, ...]:
    """Choose three commands that only read."""
    config = ["--inferenceservice-config", "config.yaml"] if has_config else []
    steps = []
    for _ in range(3):
        drawn = chance.random()
        options = _options(chance)
        if drawn < 0.4:
            more = chance.choice(
                (["--no-ignores"], ["-v"], ["--exit-zero"], ["--no-config"], ["--sink-profile", "custom=100"], [], [])
            )
            steps.append(Step(("lint", "-o", chance.choice(REPORTS), "FILE", *more, *options, *config)))
        elif drawn < 0.5:
            steps.append(Step(("validate", "-o", chance.choice(REPORTS), "FILE", *options)))
        elif drawn < 0.55:
            steps.append(Step(("lint", "-q", "--write-baseline", "baseline.json", "FILE", *options)))
        elif drawn < 0.6:
            steps.append(Step(("lint", "-o", chance.choice(REPORTS), "-", *options), use_stdin=True))
        elif drawn < 0.65:
            reports = chance.sample(REPORTS, 2)
            steps.append(
                Step(
                    (
                        "lint",
                        "FILE",
                        "--output-file",
                        f"{reports[0]}=one.out",
                        "--output-file",
                        f"{reports[1]}=other.out",
                        *options,
                    )
                )
            )
        else:
            more = chance.choice(
                (["--reveal"], ["-H", "X-Request-Id: 1"], ["--event", "response"], ["--status", "500"], [], [], [])
            )
            steps.append(Step(("preview", "-o", chance.choice(PREVIEWS), "-f", "FILE", *more, *options, *config)))
    return tuple(steps)


def _edits(chance: Chance) -> tuple[Step, ...]:
    """Choose an edit, with the ways to see it first and to undo it."""
    drawn = chance.random()
    if drawn < 0.35:
        fix = chance.choice(("--fix", "--unsafe-fixes", "--unsafe-fixes"))
        options = _options(chance)
        show = Step(("lint", fix, *chance.choice((["--diff"], ["--check"], ["--diff", "-q"])), "FILE", *options))
        before = Step(("lint", "-o", "json", "FILE", *options), "before-fix")
        write = Step(("lint", fix, "-o", chance.choice(REPORTS), "FILE", *options), "fix")
        return (show, before, write, write._replace(edit="again"))
    pair = KEY + chance.choice(("", "", "=value", "=a b", "=", "=true", "=x: y #z", '="q"', "=1e3", "=é"))
    more = [option for option in ("--overwrite", "--unshare", "--force", "--no-config") if chance.random() < 0.25]
    if drawn < 0.7:
        add = ("add-annotation", pair, "-f", "FILE", *more, *_options(chance))
        rest = [option for option in more if option != "--overwrite"]
        if "=" in pair and chance.random() < 0.8:
            rest.append("--with-value")
        remove = ("remove-annotation", KEY, "-f", "FILE", *rest)
        look = chance.choice(("--diff", "--check", "--stdout"))
        return (Step((*add, look)), Step(add, "edit"), Step(remove, "undo"))
    seen = chance.choice((["--stdout"], ["--diff"], ["--check"], []))
    listed = chance.choice((*grammar.KEYS, KEY))
    removal = ("remove-annotation", listed, "-f", "FILE", *(each for each in more if each != "--overwrite"), *seen)
    through = Step(("add-annotation", pair, "-f", "-", *more), use_stdin=True)
    fixing = Step(("lint", "--unsafe-fixes", "-o", "json", "-", *_options(chance)), use_stdin=True)
    return (Step(removal, "" if seen else "remove"), chance.choice((through, fixing)))


def _asks(chance: Chance, name: str) -> tuple[Step, ...]:
    """Choose two commands that ask a cluster."""
    steps = []
    for _ in range(2):
        drawn = chance.random()
        if drawn < 0.3:
            steps.append(Step(("preview", "-o", chance.choice(PREVIEWS), name, "-n", "ml")))
        elif drawn < 0.55:
            steps.append(Step((chance.choice(("lint", "validate")), "--live", "-A", "-o", chance.choice(REPORTS))))
        elif drawn < 0.8:
            steps.append(Step(("audit", "-A", "-o", chance.choice(AUDITS))))
        else:
            how = chance.choice(("client", "client", "server", "none"))
            more = chance.choice((["--check"], [], []))
            edit = "" if how != "none" or more else "live"
            command = chance.choice(
                (
                    ("add-annotation", name, KEY),
                    ("add-annotation", name, KEY + "=value"),
                    ("remove-annotation", name, KEY),
                )
            )
            steps.append(Step((*command, "-n", "ml", f"--dry-run={how}", *more), edit))
    return tuple(steps)


def _project(chance: Chance) -> bytes:
    """Make a project file."""
    data: Json = {}
    for _ in range(chance.randint(0, 3)):
        key = chance.choice(("kserveVersion", "select", "ignore", "failOn", "sinkProfile", "requiredAnnotations",
        "forbiddenAnnotations",
                             "allowedSinks", "sensitive", "ignores", hostile.key(chance)))  # fmt: skip
        good: Json = {
            "requiredAnnotations": ["example.com/team"],
            "forbiddenAnnotations": ["*/secret"],
            "allowedSinks": ["http://sink"],
            "ignores": [{"rule": "missing-url", "path": "*", "reason": "x"}],
            "sensitive": {"keys": ["tenant"]},
        }
        data[key] = good.get(key, "x") if chance.random() < 0.5 else hostile.value(chance)
    return json.dumps(data).encode()
