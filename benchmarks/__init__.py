"""Each claim about performance, measured as a ratio beside the peers, in one run.

See ``README.md`` in this folder; nothing here is part of the package.
"""
