"""The formats of `isvclog preview`: journeys in, text out."""
