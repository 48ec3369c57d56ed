"""A document that kubectl cannot read.

The document is neither YAML nor JSON, or it is YAML that JSON cannot express, such as a list as a key. kubectl rejects
the file, and isvclog cannot check the document. It still checks the other documents of the file.

Instead: Correct the place that the finding points to. Quote a value that begins with a special character.

    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataAnnotations: [team

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataAnnotations: [team]
"""
