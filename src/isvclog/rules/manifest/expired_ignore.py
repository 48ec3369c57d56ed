"""An entry of `ignores` in the configuration whose `expires` date has passed.

The entry hides findings up to and including the day in `expires`. After that day the findings are reported again, and
the expired entry is reported too.

Instead: Fix what the entry ignores and remove the entry, or set a later date.

    # before
    ignores:
      - rule: cleartext-url
        reason: the sink gets a certificate this year
        expires: 2020-12-31

    # after
    ignores:
      - rule: cleartext-url
        reason: the mesh encrypts
"""
