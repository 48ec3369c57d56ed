"""Sources of rendered text: finds the line of a chart's template or of an overlay's file that a rendered line is from.

Helm writes `# Source: CHART/templates/FILE` above each document (`renderResources` in helm's pkg/action/action.go).
kustomize writes annotations where a kustomization has `buildMetadata` (api/resource/origin.go).
"""
