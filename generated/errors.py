"""Errors are not generated: they stand in `aiovideogen.errors`."""
