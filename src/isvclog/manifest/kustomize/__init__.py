"""kustomize, as far as an InferenceService is concerned: which files are merged, and what they become.

The order and the meaning of fields are those of `kustomize build` (api/internal/target/kusttarget.go): resources,
components, patches, prefix and suffix, annotations. Custom resources have no merge keys, so a list in a patch replaces
the list that it is for.
"""
