"""The version, in the one place that the build reads it from (layer 0)."""

__version__ = "0.1.0"
