"""A file with a NUL byte, which is not text.

The file contains the word InferenceService, so isvclog read it. But it is an archive, an image or a damaged file.
kubectl rejects it.

Instead: Pass only manifests, or remove the byte.

    # before
    metadata:
      annotations:
        team: fraud␀

    # after
    metadata:
      annotations:
        team: fraud
"""
