"""Object storage as a folder: batches, their marshaller, and the files."""
