"""Several containers in a predictor, among which KServe does not find the model's.

For KServe, the container called `kserve-container` is that of the model. A single container gets this name, but with
several containers each keeps its own. If none has it, KServe's controller fails with a panic each time that it
processes the service. If another container is the first one, KServe puts a second `kserve-container` in its place, and
the API server rejects the pod. In both cases nothing is deployed.

Instead: Write the container of the model first, and call it `kserve-container`.

    # before
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        containers:
          - name: model
            image: registry.example.com/model:1
          - name: metrics
            image: registry.example.com/metrics:1

    # after
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        containers:
          - name: kserve-container
            image: registry.example.com/model:1
          - name: metrics
            image: registry.example.com/metrics:1
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.apis.constants import MODEL_CONTAINER
from isvclog.kserve.controller.deployment import Obstacle
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("misnamed-container", Severity.ERROR, since="measured-deployment")
def misnamed_container(context: LintContext) -> Iterator[Issue]:
    for component in context.deployed_for_loggers if context.is_complete else ():
        path = (*component.path, "containers")
        if Obstacle.CONTAINERS in component.obstacles:
            because = f"its controller fails (panic): no container is called `{MODEL_CONTAINER}`"
            message = f"KServe deploys nothing, because {because}."
            yield Issue(path, message, f"Call the container of the model `{MODEL_CONTAINER}`.", at_key=True)
        elif Obstacle.SAME_NAME in component.obstacles:
            message = "The API server rejects the pod, because two of its containers get the same name."
            remedy = f"Write `{MODEL_CONTAINER}` first, and give each other container a name of its own."
            yield Issue(path, message, remedy, at_key=True)
