"""An agent whose arguments do not match the annotations of its own pod.

The webhook builds the arguments from the annotations of a pod when the pod is created. There are three reasons why they
differ later:

- Somebody annotated the pod itself, which does not change the agent.
- Another webhook or a policy engine changed an argument.
- The webhook of an older KServe created the pod and did not know the flag.

Instead: Annotate the InferenceService and not its pods. Create the pods again after an upgrade of KServe.

    # before
    kind: Pod
    metadata:
      annotations:
        example.com/team: fraud

    # after
    kind: InferenceService
    metadata:
      annotations:
        example.com/team: fraud
"""
