"""The operations, one module each, in a package per resource group."""
