"""CloudEvents as HTTP requests: decoded and checked as the specification 1.0.2 demands."""
