"""The project's addresses, in one place: the repository, and the site with its documentation.

The owner in them is a placeholder until a release replaces it. Until then, no output contains these addresses.
"""

REPOSITORY = "https://github.com/OWNER/isvclog"
SITE = "https://OWNER.github.io/isvclog"
_PLACEHOLDER = "owner".upper()  # spelled so that the release, which replaces the word everywhere, leaves this one


def rule_address(name: str) -> str | None:
    """Return the address of a rule's documentation; None as long as nothing is published."""
    return published(f"{SITE}/rules/#{name}")


def source_address(path: str) -> str | None:
    """Return the address of a file or folder of the repository; None as long as nothing is published."""
    return published(f"{REPOSITORY}/blob/main/{path}")


def published(address: str) -> str | None:
    """Return an address of the project, or None while its owner is a placeholder."""
    return None if f"/{_PLACEHOLDER}" in address else address
