"""`python -m isvclog` is the same as `isvclog`."""

import sys

from isvclog.cli.main import main

sys.exit(main())
