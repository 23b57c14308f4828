"""The low-level client, generated from openapi.yaml by `make generate`: never edit it."""
