"""Messages, progress, interrupts and reports of a run on the terminal."""
