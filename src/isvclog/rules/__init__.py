"""What goes wrong with a logger that the API accepts: one file per rule, an InferenceService in, issues out."""
