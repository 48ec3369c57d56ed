"""An applied field that the cluster dropped, because its CRD does not have it.

The API server keeps only the fields that the installed CustomResourceDefinition has, and drops the others without an
error. This happens in two cases:

- KServe was upgraded, but its CustomResourceDefinitions were not. They are in a separate chart (`kserve-crd`).
- A client without strict validation sent a misspelled field.

isvclog can only see this in a cluster (`lint --live`, `validate --live`): the object does not have the field, but the
annotation with which `kubectl apply` remembers the manifest does.

Instead: Upgrade the CustomResourceDefinitions, or write the field as KServe spells it. Then apply the manifest again
and roll out new pods.

    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadata-annotations: [team]

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataAnnotations: [team]
"""
