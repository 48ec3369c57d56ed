"""YAML and JSON as Kubernetes reads them: text becomes data with positions."""
