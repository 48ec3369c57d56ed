"""Files with expectations: manifests with an InferenceService, or expected events as JSON."""

from collections.abc import Sequence

from isvclog.errors import UsageError
from isvclog.kserve.apis.installation import Installation
from isvclog.manifest import read_file
from isvclog.sink.cloudevents.events import load_json
from isvclog.sink.expected.document import ExpectedDocument
from isvclog.sink.expected.expectations import Expectations, Expected
from isvclog.sink.expected.manifest import predicted_events


def read_expectations(paths: Sequence[str], installation: Installation) -> Expectations:
    """Read the expectations of all files. Raises UsageError or IsvclogError for a file that expects nothing."""
    return Expectations([expected for path in paths for expected in _read(path, installation)])


def _read(path: str, installation: Installation) -> Sequence[Expected]:
    try:
        document = load_json(read_file(path).data.decode())
    except ValueError:
        return predicted_events(path, installation)
    if isinstance(document, dict) and "apiVersion" in document:
        return predicted_events(path, installation)
    items = document if isinstance(document, list) else [document]
    if not items or not all(isinstance(item, dict) for item in items):
        raise UsageError(f"{path}: an expected event is a JSON object, and several are an array of objects.")
    return [ExpectedDocument(path if len(items) == 1 else f"{path}[{at}]", item) for at, item in enumerate(items)]
