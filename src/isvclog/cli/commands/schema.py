"""`isvclog schema`: prints the JSON Schema of a KServe release."""

from typing import Annotated

import typer

from isvclog.cli.options.common import KServeVersion, find_chosen_release
from isvclog.cli.options.completion import complete_release
from isvclog.errors import UsageError

Version = Annotated[
    str | None,
    typer.Argument(
        metavar="[VERSION]",
        show_default=False,
        help="The release, such as 0.16; default the newest.",
        autocompletion=complete_release,
    ),
]


def schema(version: Version = None, kserve_version: KServeVersion = None) -> int:
    """Print the JSON Schema of a KServe release, for editors and other tools.

    The schema describes the loggers of an InferenceService in draft-07, which every editor with YAML support can read.
    """
    if version and kserve_version:
        raise UsageError("give the release once, as VERSION or with --kserve-version.")
    import json

    from isvclog.kserve.apis.schema import service_schema

    print(json.dumps(service_schema(find_chosen_release(version or kserve_version)), indent=2))
    return 0
