"""The agent of a service that changes: it is predicted again from the manifest, or from the service in the cluster."""

from collections.abc import Callable, Sequence

from isvclog.errors import IsvclogError
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.prediction import Prediction, predict, start_agent
from isvclog.manifest import Object
from isvclog.preview.inputs import read_inputs
from isvclog.records import NamedTuple
from isvclog.sidecar.simulation.agent import Change
from isvclog.sidecar.simulation.sensitive import mask_settings


class FollowedAgent(NamedTuple):
    """An agent to predict again.

    `component` is its component, `change` changes its environment, and `redact` masks its annotations.
    """

    component: str
    change: Change
    redact: bool = False

    def predict(self, item: Object, installation: Installation) -> Prediction:
        """Predict the agent of a service. Raises Rejected, or IsvclogError if the component is gone."""
        service = read_service(item.data, installation.release)
        component = service.components.get(self.component)
        if component is None:
            raise IsvclogError(f"the service has no {self.component} any more.")
        prediction = predict(service, component, installation)
        prediction = start_agent(prediction, self.change(prediction.environment))
        startup = prediction.startup
        if not self.redact or startup is None or startup.settings is None:
            return prediction
        masked = mask_settings(startup.settings, item.data)
        return prediction._replace(startup=startup._replace(settings=masked))

    def predict_files(
        self, paths: Sequence[str], name: str | None, read_known: Callable[[], Installation]
    ) -> Prediction:
        """Predict the agent of the service called `name` in these files; None for the only one.

        `read_known` reads the other facts about the installation. Raises what `predict` raises, and IsvclogError if a
        file cannot be read or has no such service.
        """
        inputs = read_inputs(paths)
        if inputs.failures:
            raise IsvclogError(inputs.failures[0])
        chosen = inputs.choose(name)
        if len(chosen) != 1:
            raise IsvclogError(f"the files have {len(chosen)} InferenceServices {name or ''}, not one.")
        return self.predict(chosen[0], inputs.installation(read_known()))
