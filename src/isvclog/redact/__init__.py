"""Detection of secrets and personal data that should not be shown or sent, by a name's words and a value's shape.

`docs/sensitive-data.md` says how well this works and what else was tried. Nothing is imported here, because most runs
need the tables of names and shapes for nothing that they print.
"""
