"""Where a line of rendered text comes from: the template of a chart, or the file of an overlay.

Helm writes `# Source: CHART/templates/FILE` above each document (`renderResources` in helm's pkg/action/action.go).
kustomize writes annotations where a kustomization has `buildMetadata` (api/resource/origin.go).
"""
