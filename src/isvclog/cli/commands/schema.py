"""`isvclog schema`: prints the JSON Schema of a KServe release."""

from isvclog.cli.options.common import KServeVersion, find_chosen_release


def schema(kserve_version: KServeVersion = None) -> int:
    """Print the JSON Schema of a KServe release, for editors and other tools.

    The schema describes the loggers of an InferenceService in draft-07, which every editor with YAML support can read.
    """
    import json

    from isvclog.kserve.apis.schema import service_schema

    print(json.dumps(service_schema(find_chosen_release(kserve_version)), indent=2))
    return 0
