"""An ignore that suppresses nothing.

A comment `# isvclog: ignore[rule] reason`, or an entry of `ignores` in `.isvclog.yaml`, matches no finding, or no
finding any more. If it is not removed, it will hide the next finding of the same kind.

Instead: Remove it, or write the name of the intended rule.

    # before
    logger:
      mode: all
      # isvclog: ignore[cleartext-url] the mesh encrypts
      url: https://sink.example.com

    # after
    logger:
      mode: all
      url: https://sink.example.com
"""
