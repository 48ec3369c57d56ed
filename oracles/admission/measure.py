"""Record what a real kube-apiserver with exported policies says of every manifest of the rules' tests, beside lint.

    python -m oracles.admission.measure KUBE_APISERVER CRD.json    # rewrite tests/policy/measured.json

`CRD.json` is the structure of `v1beta1` in KServe's CustomResourceDefinition. Nothing is created: every request asks for a
dry run.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from isvclog.kserve.apis.admission import is_service
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import NEWEST
from isvclog.lint.engine import LintSettings, lint_object, select_rules
from isvclog.policy.checks import exported
from isvclog.policy.export import export_policies
from isvclog.policy.fixes import fixes
from isvclog.policy.model import PolicyTarget
from isvclog.rules.registry import all_rules
from oracles.admission.cluster import Answer, request, running
from oracles.admission.services import LISTS, services_of, stored_service, without_nulls

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "tests" / "policy" / "measured.json"
PLACES = {
    "ValidatingAdmissionPolicy": "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
    "ValidatingAdmissionPolicyBinding": "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings",
    "MutatingAdmissionPolicy": "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies",
    "MutatingAdmissionPolicyBinding": "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings",
    "ConfigMap": "/api/v1/namespaces/kserve/configmaps",
}
GROUP, PLURAL = "serving.kserve.io", "inferenceservices"
TARGET = PolicyTarget(NEWEST, LISTS)
TOO_LARGE = "oversized-argument"
WRONG = {
    "apiVersion": f"{GROUP}/v1beta1",
    "kind": "InferenceService",
    "metadata": {"name": "iris"},
    "spec": {"predictor": {"logger": {"mode": "all", "url": "", "metadataHeaders": ["x-id"]}}},
}
EMPTY = {**WRONG, "spec": {"predictor": {"logger": {"mode": "all", "url": ""}}}}
"""A service that is wrong, and no fix changes it."""


def must(answer: Answer) -> Any:
    if answer.status >= 300:
        causes = answer.body.get("details", {}).get("causes") or [answer.body]
        raise RuntimeError("\n".join(f"{cause.get('field')}: {str(cause.get('message'))[-600:]}" for cause in causes))
    return answer.body


def install(structure: Any) -> None:
    """Create the namespaces and the CustomResourceDefinition."""
    for name in ("kserve", "ml", "research", "default"):
        answer = request("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        if answer.status != 409:  # the server makes `default` itself
            must(answer)
    version = {"name": "v1beta1", "served": True, "storage": True, "schema": {"openAPIV3Schema": structure}}
    names = {"kind": "InferenceService", "plural": PLURAL, "singular": "inferenceservice"}
    body = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{PLURAL}.{GROUP}",
            "annotations": {"api-approved.kubernetes.io": "https://example.com"},
        },
        "spec": {"group": GROUP, "scope": "Namespaced", "names": names, "versions": [version]},
    }
    must(request("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body))


def apply(engine: str, action: str, names: Collection[str] = frozenset(all_rules()), *, replace: bool = False) -> None:
    """Apply the policies of an engine that have the named rules."""
    for document in export_policies(engine, TARGET, action, names):
        place, body = PLACES[document.data["kind"]], dict(document.data)
        if replace:
            path = f"{place}/{body['metadata']['name']}"
            version = must(request("GET", path))["metadata"]["resourceVersion"]
            must(request("PUT", path, {**body, "metadata": {**body["metadata"], "resourceVersion": version}}))
        else:
            must(request("POST", place, body))


def wait_for_rejection(service: Any) -> None:
    """Wait until the server rejects a service that is wrong."""
    for _ in range(60):
        if create(service).status >= 400:
            return
        time.sleep(1)
    raise RuntimeError("the policies do not reject")


def create(service: Any) -> Answer:
    """Ask the server to create a service, without creating it."""
    metadata = {"namespace": "ml", **service["metadata"]}
    path = f"/apis/{GROUP}/v1beta1/namespaces/{metadata['namespace']}/{PLURAL}?dryRun=All"
    return request("POST", path, {**service, "metadata": metadata})


def wait_for_policies(wanted: int) -> None:
    """Wait until the server warns of a service that is wrong in many ways."""
    for _ in range(60):
        answer = create(WRONG)
        if len(answer.warnings) >= wanted:
            return
        time.sleep(1)
    raise RuntimeError(f"the policies do not work: {answer}")


def compare() -> dict[str, Any]:
    """Compare the server's warnings with lint about every manifest of the rules' tests."""
    names = {rule.rule for rules in exported(TARGET).values() for rule in rules}
    settings = select_rules(Installation(), LISTS)
    counts: Counter[str] = Counter()
    differences: list[str] = []
    for path in sorted((ROOT / "tests" / "rules").glob("*/*.yaml")):
        if "--kserve-version" in path.read_text(encoding="utf-8"):
            continue
        for obj in services_of(path.name, path.read_bytes()):
            service = stored_service(obj, NEWEST)
            if service is None:
                continue
            answer = create(service)
            if answer.status >= 300:
                counts["rejected by the schema"] += 1
                continue
            counts["services"] += 1
            texts = [warning for warning in answer.warnings if "AdmissionPolicy" in warning]
            found = {text.rpartition("[")[2].partition("]")[0] for text in texts}
            expected = {finding.rule for finding in lint_object(obj, settings)} & names
            counts["agreed"] += len(found & expected)
            for side, rules in (("lint", expected - found), ("policy", found - expected)):
                differences += [f"{path.parent.name}/{path.name} {side} {rule}" for rule in sorted(rules)]
    return {"counts": dict(counts), "differences": sorted(set(differences))}


def wait_for_fixes() -> None:
    """Wait until the server fixes a service."""
    for _ in range(60):
        answer = create(WRONG)
        if answer.status < 300 and answer.body["spec"]["predictor"]["logger"]["metadataHeaders"] == ["X-Id"]:
            return
        time.sleep(1)
    raise RuntimeError(f"the fixes do not work: {answer}")


def compare_fixes() -> dict[str, Any]:
    """Let the server fix every manifest of the rules' tests, and count what lint would fix before and after."""
    settings = select_rules(Installation(), LISTS)
    counts: Counter[str] = Counter()
    left = []
    for path in sorted((ROOT / "tests" / "rules").glob("*/*.yaml")):
        for obj in services_of(path.name, path.read_bytes()):
            service = without_nulls(obj.data)
            answer = create(service)
            if answer.status >= 300 or not is_service(service):
                continue
            fixed = {**service, "spec": answer.body["spec"]}
            counts["services"] += 1
            counts["changed"] += fixed != service
            before, after = (safe_fixes(each, settings) for each in (service, fixed))
            counts["fixes of lint before"] += before
            if after:
                left.append(f"{path.parent.name}/{path.name}")
    return {"counts": dict(counts), "left": sorted(set(left))}


def safe_fixes(service: Any, settings: LintSettings) -> int:
    """Count the values that lint would fix by rules that policies have."""
    (obj,) = services_of("service.yaml", json.dumps(service).encode())
    fixed = {fix.rule for fix in fixes()}
    return sum(
        1
        for finding in lint_object(obj, settings)
        if finding.rule in fixed and finding.fix and finding.fix.safe and finding.fix.title != "Remove it."
    )


def store() -> Any:
    """Create a service that is wrong, with a very long annotation; return it."""
    metadata = {"name": "stored", "annotations": {"notes": "a" * 260_000}}
    path = f"/apis/{GROUP}/v1beta1/namespaces/ml/{PLURAL}"
    return must(request("POST", path, {**EMPTY, "metadata": metadata}))


def compare_changes(stored: Any) -> dict[str, int]:
    """Find the status of the server's answer to each change of a stored service that is wrong."""
    metadata, predictor = stored["metadata"], stored["spec"]["predictor"]
    changed = {
        "labels": {**stored, "metadata": {**metadata, "labels": {"team": "a"}}},
        "annotations": {**stored, "metadata": {**metadata, "annotations": {"notes": "a"}}},
        "spec": {**stored, "spec": {"predictor": {**predictor, "minReplicas": 2}}},
    }
    path = f"/apis/{GROUP}/v1beta1/namespaces/ml/{PLURAL}/stored?dryRun=All"
    return {name: request("PUT", path, service).status for name, service in changed.items()}


def sizes() -> dict[str, tuple[Callable[[int], Any], int, int]]:
    """Services of any size, with the largest size that is right and makes sense, and the largest that is possible."""

    def service(annotations: dict[str, str], **logger: Any) -> Any:
        logger = {"mode": "all", "url": "http://sink.ml.svc.cluster.local", **logger}
        metadata = {"name": "iris", "annotations": {"example.com/a": "a", "team": "a", **annotations}}
        listed = ["example.com/a", "team", *logger.pop("metadataAnnotations", [])]
        spec = {"predictor": {"logger": {**logger, "metadataAnnotations": listed}}}
        return {**WRONG, "metadata": metadata, "spec": spec}

    def keys(count: int) -> Any:
        names = [f"example.com/key-{number}" for number in range(count)]
        return service(dict.fromkeys(names, "a value of some words"), metadataAnnotations=names)

    return {
        "bytes of a listed value": (
            lambda size: service({"k": "a" * size}, metadataAnnotations=["k"]),
            131_000,
            260_000,
        ),
        "listed annotations": (keys, 2_000, 5_000),
        "listed headers": (
            lambda size: service({}, metadataHeaders=[f"X-Header-{number}" for number in range(size)]),
            2_000,
            50_000,
        ),
        "bytes of the URL": (
            lambda size: service({}, url=f"http://sink.ml.svc.cluster.local/{'a' * size}"),
            120_000,
            1_400_000,
        ),
    }


def find_limits(*, oversized: bool = False) -> dict[str, int]:
    """Find how large a service can be before the API server gives up an expression for its cost.

    With `oversized`, it can be larger than the agent's container can start with, and is rejected for that.
    """
    found = {}
    for name, (make, right, possible) in sizes().items():
        low, high = 0, possible if oversized else right
        if is_judged(make(high)):
            low = high
        while high - low > max(1, low // 20):
            middle = (low + high) // 2
            if is_judged(make(middle)):
                low = middle
            else:
                high = middle
        found[name] = low
    return found


def is_judged(service: Any) -> bool:
    """Ask whether the server accepts a service, or rejects it for its size, as lint does."""
    (obj,) = services_of("service.yaml", json.dumps(service).encode())
    answer = create(service)
    if lint_object(obj, select_rules(Installation(), LISTS, frozenset([TOO_LARGE]))):
        return answer.status >= 400 and f"[{TOO_LARGE}]" in answer.body["message"]
    return answer.status < 300


def main() -> int:
    apiserver, crd = sys.argv[1:]
    with running(apiserver):
        version = must(request("GET", "/version"))["gitVersion"]
        install(json.loads(Path(crd).read_text(encoding="utf-8")))
        apply("vap", "warn")
        wait_for_policies(3)
        found = {"version": version, **compare()}
        apply("map", "warn")
        wait_for_fixes()
        found["fixes"] = compare_fixes()
        stored = store()
        apply("vap", "deny", [TOO_LARGE], replace=True)
        wait_for_rejection(sizes()["bytes of a listed value"][0](131_072))
        found["largest for sizes"] = find_limits(oversized=True)
        apply("vap", "deny", replace=True)
        wait_for_rejection(EMPTY)
        found["largest"] = find_limits()
        found["changes of a wrong service"] = compare_changes(stored)
    RECORDED.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(RECORDED.read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
