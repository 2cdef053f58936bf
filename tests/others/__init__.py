"""Clients that others made, and their own tests, against the emulator."""
