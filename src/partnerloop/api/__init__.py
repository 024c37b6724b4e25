"""The interface for programs: what a key may read and do, version by version."""
