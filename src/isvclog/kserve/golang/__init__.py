"""The parts of Go that KServe's agent and webhook are built on, written with Python's standard library.

There is one module per Go package, named after it. Nothing here knows KServe. The modules return what Go 1.25 returns,
and their errors have the messages of Go 1.25. `oracles/go` asks the real Go, and its answers are the tests. The
measured exchanges in the tests of `kserve` prove how a server and a proxy treat a whole exchange.

A Go string is a Python `str` in which bytes that are not valid UTF-8 are lone surrogates (PEP 383, `surrogateescape`).
If Go counts something in bytes, it is counted in bytes here.

The running Python decides which characters are printable or fold to each other. Go 1.25 has the tables of Unicode 15.0,
so results may differ for characters that were assigned before or after (Python 3.11 has 14.0).
"""
