"""A key that occurs twice in the same mapping.

Some tools reject such a file. Others keep one of the values, mostly the last one, without a message. The logger may
then use another address or another list than readers of the file expect.

Instead: Keep one of them.

    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      mode: request

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
"""
