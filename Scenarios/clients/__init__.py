"""Checks by clients of other people; each module is one client, each function `check_…` one check."""
