"""Runs the command line: `python -m isvclog` is the same as `isvclog`."""

from isvclog.cli.main import run

run()
