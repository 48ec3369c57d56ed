"""The logger: each logged request becomes a CloudEvent or a record in object storage."""
