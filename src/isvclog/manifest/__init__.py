"""Kubernetes manifests as data with positions.

This package reads YAML as Kubernetes does, and knows nothing of KServe.
"""

from isvclog.manifest.syntax.files import Source, find_files, read_file
from isvclog.manifest.syntax.load import load
from isvclog.manifest.syntax.objects import Duplicate, Object, live_object

__all__ = ["Duplicate", "Object", "Source", "find_files", "live_object", "load", "read_file"]
