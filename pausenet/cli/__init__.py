"""The command line: every module parses, calls and prints; nothing is decided here."""
