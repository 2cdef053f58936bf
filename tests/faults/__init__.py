"""A server that misbehaves at every byte, and counts what really arrived: see `server`."""
