"""The pieces of Go that KServe's agent and webhook are built on, in Python's standard library.

One module per Go package, named after it. Nothing here knows KServe. What the modules return and what their errors say
is what Go 1.25 returns and says. `scripts/measure_go` asks the real Go, and the answers are the tests; what a server
and a proxy make of a whole exchange is proven by the measured exchanges in the tests of `kserve`.

A Go string is a Python `str` in which bytes that are not valid UTF-8 are lone surrogates (PEP 383, `surrogateescape`).
Places that Go counts in bytes are counted in bytes.

Which characters are printable or fold to each other is taken from the running Python; Go 1.25 has the tables of
Unicode 15.0, so answers may differ for characters that were assigned before or after (Python 3.11 has 14.0).
"""
