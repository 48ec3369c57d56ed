"""The base class of the errors in this package."""


class GoError(ValueError):
    """A Go function returned an error; `str()` is Go's message, word for word."""
