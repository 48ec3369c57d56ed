"""A file in an encoding that YAML does not allow.

YAML is encoded in UTF-8, or in UTF-16 with a byte order mark. kubectl rejects other encodings. If the encoding is
guessed wrong, for example as Latin-1, every letter outside ASCII becomes a different one.

Instead: Save the file as UTF-8.

    # before
    metadata:
      annotations:
        team: caf�

    # after
    metadata:
      annotations:
        team: café
"""
