"""A document that kubectl cannot read.

It is neither YAML nor JSON, or it is YAML that JSON cannot hold, such as a list as a key. kubectl refuses the file, and
what stands in it cannot be checked. Other documents of the file are checked all the same.

Instead: Correct the place that the finding points at. Quote a value that begins with a special character.

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

from isvclog.findings import Severity
from isvclog.rules.rule import documented

unparsable_manifest = documented("unparsable-manifest", Severity.ERROR, __name__)
