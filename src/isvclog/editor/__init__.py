"""The language server: findings, fixes, previews and completions while a manifest is written.

Only this package knows pygls and lsprotocol, and it is imported only by `isvclog server`.
"""
