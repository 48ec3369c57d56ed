"""The agent: its command line, its settings in memory, and the requests that it proxies."""
