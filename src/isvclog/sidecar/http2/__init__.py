"""HTTP/2 with prior knowledge, as the agent has it: from clients (gRPC) and, for their requests, to the model.

The library h2 reads and writes frames. This folder is imported when the first client speaks HTTP/2.
"""
