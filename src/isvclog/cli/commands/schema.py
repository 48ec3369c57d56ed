"""`isvclog schema`: prints the JSON Schema of a KServe release, or writes it where other tools look for it."""

from typing import Annotated

import typer

from isvclog.cli.options.common import KServeVersion, find_chosen_release
from isvclog.cli.options.completion import complete_release
from isvclog.errors import IsvclogError, UsageError

Version = Annotated[
    str | None,
    typer.Argument(
        metavar="[VERSION]",
        show_default=False,
        help="The release, such as 0.16; default the newest.",
        autocompletion=complete_release,
    ),
]
Catalog = Annotated[
    str | None,
    typer.Option(metavar="DIR", help="Write it to DIR/GROUP/KIND_VERSION.json, as catalogs of schemas have it."),
]


def schema(version: Version = None, kserve_version: KServeVersion = None, catalog: Catalog = None) -> int:
    """Print the JSON Schema of a KServe release, for editors and other tools.

    The schema describes the loggers of an InferenceService in draft-07, which every editor with YAML support can read.
    yaml-language-server and kubeconform look for it in the layout that --catalog writes.
    """
    if version and kserve_version:
        raise UsageError("give the release once, as VERSION or with --kserve-version.")
    import json

    from isvclog.kserve.apis.schema import service_schema

    text = json.dumps(service_schema(find_chosen_release(version or kserve_version)), indent=2)
    if catalog is None:
        print(text)
    else:
        _write(catalog, text)
    return 0


def _write(catalog: str, text: str) -> None:
    """Write the schema to its place in a catalog, in place of that of another release."""
    import os

    from isvclog.atomic import replace_file
    from isvclog.cli.terminal.messages import note
    from isvclog.kserve.apis.constants import API_VERSION
    from isvclog.kserve.apis.kinds import SERVICE

    group, version = API_VERSION.split("/")
    path = os.path.join(catalog, group, f"{SERVICE.lower()}_{version}.json")
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    except OSError as error:
        raise IsvclogError(f"{os.path.dirname(path)} cannot be created: {error.strerror}.") from None
    with replace_file(path) as write:
        write([text.encode(), b"\n"])
    note(f"wrote {path}.")
