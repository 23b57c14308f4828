"""Compare two OpenAPI documents by what goes over the wire. A module imports only from those before it:

* `shapes`: one schema, with the many ways of saying the same brought to one;
* `document`: a document that can be read, its schemas as shapes, its operations and webhooks as exchanges;
* `kinds`: the table of what can differ, and whom it breaks;
* `notes`: the differences that are met on the walk, each once;
* `schemas`, `compare`: the walk over two documents; a schema is compared where an operation reaches it;
* `report`: the differences as text and as JSON.
"""
