"""Runs the same HTTP cases against a real Traefik and against Martinet."""
