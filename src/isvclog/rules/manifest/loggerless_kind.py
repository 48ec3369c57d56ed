"""A `logger` in an object whose kind has none.

Only an InferenceService has a `logger`. In every other kind of KServe it is an unknown field: kubectl rejects the
manifest, other clients drop the field, and nothing is logged.

- LLMInferenceService: no agent runs beside the model, so no request is logged. KServe 0.20 and later has
  `spec.tracing`, which sends OpenTelemetry traces to a collector, and no events. Events need an InferenceService that
  serves the same model, or a proxy of yours in front of the service.
- InferenceGraph: the router logs nothing. Each InferenceService in its steps has a logger of its own.
- ServingRuntime and ClusterServingRuntime: a runtime is only a template of pods. Its `spec.annotations` reach the pods,
  so the logger of a service can list them. ModelMesh sends payloads to the processors in `MM_PAYLOAD_PROCESSORS`.
- TrainedModel: the model runs in the pods of an InferenceService, whose logger logs its requests.

Instead: Write the `logger` into the InferenceServices that serve the requests, or use `spec.tracing` of an
LLMInferenceService.

    # before
    apiVersion: serving.kserve.io/v1alpha1
    kind: InferenceGraph
    metadata:
      name: chain
    spec:
      logger:
        mode: all
        url: http://sink.research.svc.cluster.local
      nodes:
        root:
          routerType: Sequence
          steps:
            - serviceName: iris

    # after
    apiVersion: serving.kserve.io/v1beta1
    kind: InferenceService
    metadata:
      name: iris
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
"""
