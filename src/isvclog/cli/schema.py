"""`isvclog schema`: the JSON Schema of a release."""

from isvclog.cli.options import KServeVersion


def schema(kserve_version: KServeVersion = None) -> int:
    """Print the JSON Schema of a KServe release, for editors and other tools.

    It describes the loggers of an InferenceService in draft-07, which every editor that speaks YAML can read.
    """
    import json

    from isvclog.kserve.releases import NEWEST, find_release
    from isvclog.kserve.schema import service_schema

    print(json.dumps(service_schema(find_release(kserve_version) if kserve_version else NEWEST), indent=2))
    return 0
