"""Runs the command line for the server of coding agents: no walk of a folder leaves the current one through a link."""

import os

from isvclog.cli.main import run
from isvclog.manifest.syntax.files import stay_below

if __name__ == "__main__":
    stay_below(os.getcwd())
    run()
