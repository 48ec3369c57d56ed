"""Lay out the cases of tests/cluster/credentials/matrix.yaml for a client, and collect what it sent."""

import base64
import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from oracles.kubectl.recorder import RENEWED, VALID, Record, Recorder, id_token

CREDENTIALS = Path(__file__).parents[2] / "tests" / "cluster" / "credentials"
TLS = CREDENTIALS / "tls"
RECORDED = CREDENTIALS / "recorded.json"
NAMED = "api.example.test"
NOWHERE = f"{'a' * 64}.example.test"
"""A host that no resolver is asked about, because a label of its name is too long."""
FILES = ("ca.crt", "other.crt", "alice.crt", "alice.key", "bob.crt", "bob.key")
ID_TOKENS = {"VALID_ID_TOKEN": ("ada", VALID), "EXPIRED_ID_TOKEN": ("ada", 1577836800)}
"""Subject and expiry of the tokens of an identity provider, by placeholder."""
SECTIONS = {"cluster": "clusters", "user": "users", "context": "contexts"}


class Case(NamedTuple):
    """One case that is laid out in `folder`.

    `arguments` and `environment` are what a client is started with, in the folder `working`.
    """

    folder: Path
    arguments: list[str]
    environment: dict[str, str]

    @property
    def working(self) -> Path:
        """A folder in which nothing is found by a relative name."""
        return self.folder / "working"


def load_matrix() -> dict[str, Record]:
    """Read the cases by name, with their placeholders."""
    matrix: dict[str, Record] = YAML(typ="safe", pure=True).load(CREDENTIALS / "matrix.yaml")
    return matrix


def digest(matrix: dict[str, Record]) -> str:
    """Identify a matrix, to notice that it has changed since it was recorded."""
    plugin = (CREDENTIALS / "plugin").read_text(encoding="utf-8")
    return hashlib.sha256(json.dumps([plugin, matrix], sort_keys=True).encode()).hexdigest()[:16]


def lay_out(spec: Record, recorder: Recorder, folder: Path) -> Case:
    """Write the files of a case into `folder`, which must not exist."""
    (folder / "working").mkdir(parents=True)
    for name in FILES:
        shutil.copyfile(TLS / name, folder / name)
    shutil.copyfile(CREDENTIALS / "plugin", folder / "plugin")
    (folder / "plugin").chmod(0o755)
    spec = _filled(spec | {"config": _kubeconfig(spec)}, _values(recorder, folder))
    _write(folder / "config", spec["config"])
    if "auth-provider" in spec.get("user", {}):
        _write(folder / "original", spec["config"])
    for name, content in spec.get("files", {}).items():
        _write(folder / name, content)
    if "plugin" in spec:
        _write(folder / "answer", _answer(spec))
    environment = {"PATH": os.defpath, "HOME": str(folder / "working")} | spec.get("env", {})
    given = [] if "KUBECONFIG" in environment else ["--kubeconfig", str(folder / "config")]
    return Case(folder, [*given, *spec.get("arguments", [])], environment)


def sent(recorder: Recorder, case: Case) -> Record:
    """Return what was received since the case was laid out, with names instead of ports, folders and certificates.

    Paths end with `*` where the API begins. `requests` are those to servers, `provider` those to the identity provider, `proxies` those to proxies, each without
    repetitions; `plugin` are the different values of KUBERNETES_EXEC_INFO that the exec plugin got, null if none, and `setting` is
    what its environment had for PLUGIN_SETTING; `kept` are the fields of the auth provider that the client changed in
    the kubeconfig. What is empty is left out.
    """
    requests = [entry | {"path": _shortened(entry["path"])} for entry in named(recorder.requests, recorder, case)]
    told = case.folder / "told"
    texts = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    setting = case.folder / "setting"
    found = {
        "requests": [entry for entry in requests if entry["to"] in ("TLS", "NOCERT", "HTTP")],
        "provider": [entry for entry in requests if entry["to"] in ("PROVIDER", "IMPOSTOR")],
        "proxies": [entry for entry in requests if entry["to"] in ("PROXY", "TLSPROXY", "SOCKS")],
        "plugin": named([without_nulls(json.loads(text)) for text in texts if text], recorder, case),
        "setting": setting.read_text(encoding="utf-8") if setting.exists() else "",
        "kept": named(_kept(case), recorder, case),
    }
    return {key: unique(value) if isinstance(value, list) else value for key, value in found.items() if value}


def _shortened(path: str) -> str:
    return re.sub(r"/(api|apis|version)([/?].*)?$", "/*", path)


def named(value: Any, recorder: Recorder, case: Case) -> Any:
    """Replace what differs between two runs in plain data: ports, folders and certificates become names."""
    text = json.dumps(value)
    text = text.replace(str(case.folder), "FOLDER").replace(NOWHERE, "NOWHERE")
    for name, place in recorder.places.items():
        address = place.rpartition("/")[2]
        text = text.replace(address, name).replace(f":{address.rpartition(':')[2]}", f":{name}_PORT")
    for name, content in ID_TOKENS.items():
        text = text.replace(id_token(*content), name)
    text = text.replace(RENEWED["id_token"], "RENEWED_ID_TOKEN")
    for name in FILES:
        data = base64.b64encode((TLS / name).read_bytes()).decode()
        text = text.replace(data, name.upper())
    return json.loads(text)


def without_nulls(value: Any) -> Any:
    """Leave out the fields that are null, which mean the same as none."""
    if isinstance(value, dict):
        return {key: without_nulls(each) for key, each in value.items() if each is not None}
    return value


def unique(values: list[Any]) -> list[Any]:
    """Return the different values, in the order in which they came."""
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())


def _values(recorder: Recorder, folder: Path) -> dict[str, str]:
    values = {"FOLDER": str(folder), "NOWHERE": NOWHERE}
    for name, place in recorder.places.items():
        address = place.rpartition("/")[2]
        port = address.rpartition(":")[2]
        values |= {name: place, f"{name}_PLACE": address, f"{name}_PORT": port}
        values[f"NAMED_{name}"] = place.replace("127.0.0.1", NAMED)
    for file in FILES:
        data = (TLS / file).read_bytes()
        name = file.removesuffix(".crt").replace(".", "_").upper()
        values |= {name: base64.b64encode(data).decode(), f"{name}_PEM": data.decode()}
    return values | {name: id_token(*content) for name, content in ID_TOKENS.items()}


def _filled(value: Any, values: dict[str, str]) -> Any:
    if isinstance(value, str):
        return Template(value).safe_substitute(values)
    if isinstance(value, dict):
        return {key: _filled(each, values) for key, each in value.items()}
    return [_filled(each, values) for each in value] if isinstance(value, list) else value


def _kubeconfig(spec: Record) -> Record:
    defaults = {
        "cluster": {"server": "$TLS", "certificate-authority-data": "$CA"},
        "user": {},
        "context": {"cluster": "it", "user": "it"},
    }
    config: Record = {"apiVersion": "v1", "kind": "Config", "current-context": "it"}
    for key, section in SECTIONS.items():
        entry = {**defaults[key], **spec.get(key, {})}
        config[section] = [{"name": "it", key: {name: value for name, value in entry.items() if value is not None}}]
    config |= spec.get("config", {})
    return {name: value for name, value in config.items() if value is not None}


def _answer(spec: Record) -> str:
    """Complete what the plugin prints: a status becomes the object of the API version that the kubeconfig names."""
    status = spec["plugin"]
    if isinstance(status, str):
        return status
    version = spec["user"].get("exec", {}).get("apiVersion", "client.authentication.k8s.io/v1")
    return json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": status})


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")


def _kept(case: Case) -> Record:
    """Return what a client wrote into the configuration of the auth provider, without what was there."""
    original = case.folder / "original"
    if not original.exists():
        return {}
    before, after = (_provider_config(path) for path in (original, case.folder / "config"))
    return {key: value for key, value in after.items() if before.get(key) != value}


def _provider_config(path: Path) -> Record:
    document = YAML(typ="safe", pure=True).load(path)
    config: Record = document["users"][0]["user"]["auth-provider"].get("config") or {}
    return config
