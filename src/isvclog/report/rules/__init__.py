"""Documentation of the rules: a table and a page for people, Markdown, and JSON for programs."""
