"""Programs for the official clients: each runs in an environment of its own that has nothing of this package."""
