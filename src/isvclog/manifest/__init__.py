"""Kubernetes manifests as data with positions.

This package reads YAML as Kubernetes does, and knows nothing of KServe.
"""

from isvclog.manifest.files import Source, find_files, read_file
from isvclog.manifest.load import load
from isvclog.manifest.objects import Duplicate, Object, live_object

__all__ = ["Duplicate", "Object", "Source", "find_files", "live_object", "load", "read_file"]
