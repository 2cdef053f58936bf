"""The promises of reliability, measured: ours beside notion-client, in the same run.

Each scenario is a module with a `measure`: it does something bad to a client, on loopback, and
counts what came of it.  ``python -m benchmarks.reliability`` runs all of them, each in a process
of its own, keeps the figures and writes them into ``docs/reliability.md``.
"""
