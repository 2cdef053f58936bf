"""Workspaces the emulator can start from, the same on every run."""
