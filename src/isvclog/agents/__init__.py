"""The server for coding agents: the tools of isvclog over the Model Context Protocol.

Only the standard library is used, and each call of a tool is a run of the command line in a process of its own, so
that what an agent sees is what a person sees, and its time and its answer are bounded.
"""
