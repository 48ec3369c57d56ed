"""Explanations of a prediction: the status of each key, why nothing is sent, and what is wrong with a sink."""
