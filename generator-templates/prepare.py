"""Prepare openapi.yaml for openapi-python-client: decide every Python name, type and codec here, as data.

The generator's own parser forgets what this API needs (id schemas, discriminators, operationIds as written,
extensions), so each decision is made from the document itself and handed on in places that the parser keeps:

* a model's fields stand in its schema under `x-py`;
* an operation stands in its success response under `x-op`;
* named texts, enums, maps and unions become enums of marker values, since an enum is the one kind of schema
  that keeps its name, gets a module and is imported wherever it is used;
* tables of the whole document (ids, jobs, events) stand in one schema under `x-tables`.

The templates beside this file only print.
"""

from __future__ import annotations

import keyword
import re
from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Generator

Json = dict[str, Any]

SCHEMAS = "#/components/schemas/"
PLAIN = {
    "string": ("str", "TEXT"),
    "boolean": ("bool", "BOOLEAN"),
    "number": ("float", "NUMBER"),
    "integer": ("int", "INTEGER"),
}
HAND_WRITTEN = {"files": {"download", "download_all", "publish", "read", "stream", "upload", "upload_all"}}
"""Methods that the product adds to generated groups."""
MODEL_NAMES = {"additional_properties", "from_dict", "read", "replace", "takes", "to_dict", "write"}
ACCEPTED_NAMES = {"accepted", "accepted_at", "id", "job_params"}
"""What every model has, and every accepted start beside it: fields of such names get an underscore."""
EVENT_NAMES = {"id", "job_id", "name", "outcome", "received", "snapshot", "timestamp"}
"""What every event has beside its payload's fields."""
USED_NAMES = {
    *("Accepted", "Any", "Field", "Group", "Job", "JobId", "Literal", "Mapping", "Model", "OpenModel", "Operation"),
    *("Page", "ResourceId", "Sequence", "TypeAlias", "Union", "UnknownVariant", "Unset"),
}
"""What generated modules import: no schema can have such a name."""
METHODS = ("get", "post", "put", "patch", "delete")


class PrepareError(ValueError):
    """Something in the document that the generated layer has no way to express."""


def prepare(source: Json) -> Json:
    """Return the document that the generator is fed; `source` is left as it is."""
    document = _Document(deepcopy(source))
    return document.prepared()


def snake(name: str) -> str:
    """Turn an API name into a Python one: `image3dEffect` → `image_3d_effect`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[0-9])", "_", name)
    python = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    return python + "_" if keyword.iskeyword(python) else python


def attribute(key: str, schema: Json) -> str:
    """Name the attribute of a model's field: snake case, with an underscore where the model has that name itself."""
    name = snake(key)
    job = schema.get("x-job")
    taken = name in MODEL_NAMES or (job is not None and name in ACCEPTED_NAMES and key != job["id"])
    return name + "_" if taken else name


@contextmanager
def _at(place: str) -> Generator[None]:
    """Say of what goes wrong inside where in the document it is."""
    try:
        yield
    except (PrepareError, KeyError, TypeError, ValueError) as error:
        reason = str(error) if isinstance(error, PrepareError) else f"can't be read: {error!r}"
        raise PrepareError(f"{place}: {reason}") from error


class _Document:
    """The document, with what is asked of it again and again."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.schemas: dict[str, Json] = document["components"]["schemas"]
        self.operations: list[tuple[str, str, Json]] = []
        for path, item in document["paths"].items():
            shared = item.pop("parameters", [])
            for method in METHODS:
                if method in item:
                    operation: Json = item[method]
                    operation["parameters"] = [*shared, *operation.get("parameters", ())]
                    answers = operation["responses"].items()
                    operation["responses"] = {status: self.resolve(answer) for status, answer in answers}
                    self.operations.append((method, path, operation))
        self.by_id = {operation["operationId"]: operation for _, _, operation in self.operations}
        self.jobs = self._jobs()
        self.requests = self._reached_from_bodies() - self._reached_from_answers()
        self.camel = self._camel_names()

    def prepared(self) -> Json:
        _refuse_twice([snake(name) for name in self.schemas], "schema's module")
        for name, schema in self.schemas.items():
            with _at(name):
                if name in USED_NAMES or not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
                    raise PrepareError("a schema is named in PascalCase, and not as what generated code uses itself")
                if self.is_model(name):
                    schema["x-py"] = self._model(name)
        for method, path, operation in self.operations:
            with _at(f"{method.upper()} {path}"):
                self._annotate(method, path, operation)
        _refuse_twice([f"{op['tags'][0]}.{op['operationId']}" for _, _, op in self.operations], "method")
        next(iter(s for n, s in self.schemas.items() if self.is_model(n)))["x-tables"] = self._tables()
        named: dict[str, Json] = {}
        for name, schema in self.schemas.items():
            with _at(name):
                named[name] = _bare(schema) if self.is_model(name) else self._markers(name)
        self.document["components"] = {"schemas": named}
        self.document.pop("webhooks", None)
        return self.document

    def text(self, description: str | None) -> str:
        """Return prose on one line, with the API's names of fields and operations as Python spells them."""
        flat = " ".join((description or "").split())
        return re.sub(r"(?<![\w/.-])[a-z]+[A-Z0-9]\w*", lambda m: snake(m[0]) if m[0] in self.camel else m[0], flat)

    def _camel_names(self) -> set[str]:
        fields = {key for schema in self.schemas.values() for key in schema.get("properties", {})}
        parameters = {self.resolve(node)["name"] for _, _, op in self.operations for node in op.get("parameters", ())}
        return fields | parameters | self.by_id.keys()

    # -- what a schema is ---------------------------------------------------------------------------------------

    def is_model(self, name: str) -> bool:
        schema = self.schemas[name]
        return schema.get("type") == "object" and not self.is_map(name)

    def is_map(self, name: str) -> bool:
        schema = self.schemas[name]
        return isinstance(schema.get("additionalProperties"), dict) and "properties" not in schema

    def is_id(self, name: str) -> bool:
        return "x-prefixes" in self.schemas.get(name, {})

    def resolve(self, node: Json) -> Json:
        """Follow a `$ref` anywhere in the document; keys beside it win."""
        while "$ref" in node:
            target: Json = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        return node

    def _reached_from_bodies(self) -> set[str]:
        return self._reached([operation.get("requestBody", {}) for _, _, operation in self.operations])

    def _reached_from_answers(self) -> set[str]:
        return self._reached([*(op["responses"] for _, _, op in self.operations), self.document.get("webhooks", {})])

    def _reached(self, roots: list[Any]) -> set[str]:
        found: set[str] = set()
        todo = [*roots]
        while todo:
            for name in _refs(todo.pop()):
                if name in self.schemas and name not in found:
                    found.add(name)
                    todo.append(self.schemas[name])
        return found

    # -- types and codecs ---------------------------------------------------------------------------------------

    def typed(self, node: Json, *, request: bool) -> tuple[str, str, bool]:
        """Return the Python type, the codec and whether null is allowed."""
        branches = node.get("anyOf") or node.get("oneOf")
        if branches and any(branch.get("type") == "null" for branch in branches):
            (branch,) = (branch for branch in branches if branch.get("type") != "null")
            kind, codec, _ = self.typed(branch, request=request)
            return kind, codec, True
        if "$ref" in node:
            return *self._named(_ref_name(node)), False
        if "const" in node:
            return f'Literal["{node["const"]}"]', "TEXT", False
        kinds: Any = node.get("type", "any")
        several = cast("list[str]", kinds) if isinstance(kinds, list) else [str(kinds)]
        kind = next(one for one in several if one != "null")
        return *self._unnamed(kind, node, request=request), "null" in several

    def _unnamed(self, kind: str, node: Json, *, request: bool) -> tuple[str, str]:
        if kind == "array":
            item, codec, nullable = self.typed(node["items"], request=request)
            if nullable:
                raise PrepareError("lists of nullable items are not supported")
            return f"{'Sequence' if request else 'list'}[{item}]", f"list_of({codec})"
        if (kind == "object" and "properties" in node) or "enum" in node:
            raise PrepareError("objects and enums need a name: move it to components/schemas")
        if kind == "object":
            return "Mapping[str, Any]" if request else "dict[str, Any]", "OBJECT"
        if node.get("format") == "unix-time":
            return PLAIN[kind][0], "TIME"
        if node.get("format") == "password":
            return PLAIN[kind][0], "SECRET"
        return PLAIN.get(kind, ("Any", "ANY"))

    def _named(self, name: str) -> tuple[str, str]:
        schema = self.schemas[name]
        if self.is_id(name):
            return name, f'id_of("{name}")'
        if "x-id-or-text" in schema:
            return name, f'id_or_text("{schema["x-id-or-text"]}")'
        if self.is_map(name):
            return name, "OBJECT"
        if "enum" in schema or schema.get("type") in PLAIN:
            return name, PLAIN[schema.get("type", "string")][1]
        return name, f'ref("{name}")'

    # -- models -------------------------------------------------------------------------------------------------

    def _model(self, name: str) -> Json:
        schema = self.schemas[name]
        request = name in self.requests
        fields = self._fields(schema, request)
        job = schema.get("x-job")
        return {
            "doc": self.text(schema.get("description")),
            "base": "OpenModel" if schema.get("additionalProperties") is True else "Model",
            "request": request,
            "fields": fields,
            "uses": _uses(fields, self.schemas),
            "job": job and self._accepted(name, job),
        }

    def _fields(self, schema: Json, request: bool) -> list[Json]:
        required = schema.get("required", ())
        fields: list[Json] = []
        for key, node in schema.get("properties", {}).items():
            with _at(key):
                fields.append(self._field(key, attribute(key, schema), node, key in required, request))
        _refuse_twice([field["name"] for field in fields], "field")
        return fields

    def _field(self, key: str, name: str, node: Json, required: bool, request: bool) -> Json:
        kind, codec, nullable = self.typed(node, request=request)
        const = self.resolve(node).get("const") if "anyOf" not in node else None
        shown = f"{kind} | None" if nullable else kind
        if const is not None:
            default = f' = "{const}"'
        elif required:
            default = ""
        elif request:
            shown, default = f"{shown} | Unset", " = UNSET"
        elif codec.startswith("list_of"):
            shown, default = kind, " = attrs.field(factory=list)"
        else:
            shown, default = f"{kind} | None", " = None"
        flags = "".join(f", {flag}=True" for flag, on in (("required", required), ("nullable", nullable)) if on)
        flags += f', const="{const}"' if const is not None else ""
        return {
            "key": key,
            "name": name,
            "type": shown,
            "argument": f"{kind} | None" if nullable else kind,
            "required": required and const is None,
            "default": default,
            "row": f'Field("{key}", "{name}", {codec}{flags})',
            "codec": codec,
            "doc": self.text(node.get("description")),
        }

    # -- jobs ---------------------------------------------------------------------------------------------------

    def _jobs(self) -> dict[str, Json]:
        """Collect the jobs, by the id class that names them."""
        jobs: dict[str, Json] = {}
        for name, schema in self.schemas.items():
            if "x-job" not in schema:
                continue
            job: Json = schema["x-job"]
            with _at(f"{name}: x-job"):
                jobs.setdefault(self._job_id(schema, job), job)
                unknown = [
                    job[call] for call in ("get", "list", "cancel") if call in job and job[call] not in self.by_id
                ]
                if unknown:
                    raise PrepareError(f"no operation {', '.join(unknown)}")
        return jobs

    def _job_id(self, schema: Json, job: Json) -> str:
        node = schema["properties"][job["id"]]
        return _ref_name(node.get("items", node))

    def _job_result(self, job: Json) -> str:
        """Name the schema of what the job becomes: what its `get` answers, or what its `list` is made of."""
        _, answer = _success(self.by_id[job["get"] if "get" in job else job["list"]])
        name = _ref_name(_content(answer))
        return name if "get" in job else self._items(name)[1]

    def _accepted(self, name: str, job: Json) -> Json:
        schema = self.schemas[name]
        properties: Json = schema["properties"]
        result = job.get("result") or self._job_result(job)
        several = properties[job["id"]].get("type") == "array"
        then = job.get("then")
        return {
            "id": attribute(job["id"], schema),
            "kind": self._job_id(schema, job),
            "several": several,
            "result": f"list[{result}]" if several else result,
            "uses": result,
            "then": then and attribute(then, schema),
            "then_kind": then and _ref_name(properties[then]["items"]),
        }

    def _tables(self) -> Json:
        ids = [
            {
                "name": name,
                "doc": self.text(schema.get("description")),
                "prefixes": tuple(schema["x-prefixes"]),
                "result": self._job_result(self.jobs[name]) if name in self.jobs else None,
            }
            for name, schema in self.schemas.items()
            if self.is_id(name)
        ]
        jobs = [
            {
                "kind": kind,
                **{call: self._where(job[call]) for call in ("get", "list", "cancel") if call in job},
                "event": job.get("event"),
                "done": job.get("done", "status"),
            }
            for kind, job in self.jobs.items()
        ]
        events = {
            event: _ref_name(_content(item["post"]["requestBody"]))
            for event, item in self.document.get("webhooks", {}).items()
        }
        unions = [name for name, schema in self.schemas.items() if "discriminator" in schema]
        starts, shows = self._starts(), self._shows()
        families = [self._family(payload, events) for payload in dict.fromkeys(events.values())]
        classes = [one["class"] for family in families for one in family["events"]]
        _refuse_twice([*classes, *(name for f in families for name in (f["name"], f["payload"]))], "event's class")
        names = {"ids": ids, "jobs": jobs, "events": events, "unions": unions, "families": families}
        return {**names, "starts": starts, "shows": shows}

    def _starts(self) -> Json:
        """Return what each operation starts: the kind of job, and the type that it is listed with."""
        starts: Json = {}
        for _, _, operation in self.operations:
            _, answer = _success(operation)
            schema = self.schemas[_ref_name(_content(answer))] if "content" in answer else {}
            if "x-job" in schema and answer["x-op"]["effect"] == "once":
                kind = self._job_id(schema, schema["x-job"])
                starts[answer["x-op"]["id"]] = {"kind": kind, "type": operation.get("x-job-type")}
        return starts

    def _shows(self) -> Json:
        """Return the kind of job that each operation which reads or lists jobs shows, for jobs that can be listed."""
        listed = {kind: job for kind, job in self.jobs.items() if "list" in job}
        return {job[call]: kind for kind, job in listed.items() for call in ("get", "list") if call in job}

    # -- events -------------------------------------------------------------------------------------------------

    def _family(self, payload: str, events: dict[str, str]) -> Json:
        """Describe the events that share a payload: the job that they are about, and where its state is found."""
        own = {event: _pascal(event) for event, model in events.items() if model == payload}
        with _at(f"webhooks: {payload}"):
            schema = self.schemas[payload]
            fields = {attribute(key, schema): _target(node) for key, node in schema["properties"].items()}
            if clashing := fields.keys() & EVENT_NAMES:
                raise PrepareError(f"events have a {', '.join(sorted(clashing))} of their own")
            family = {event.partition(".")[0] for event in own}
            kind = next((kind for kind, job in self.jobs.items() if {job.get("event")} == family), None)
            job_attribute = next((name for name, target in fields.items() if target == kind), None) if kind else None
        result = self._job_result(self.jobs[kind]) if kind and job_attribute else None
        return {
            "name": payload.removesuffix("WebhookPayload") + "Event",
            "payload": payload,
            "doc": self.text(schema.get("description")),
            "events": [
                {"name": name, "class": kind, "doc": self.text(self.document["webhooks"][name]["post"].get("summary"))}
                for name, kind in own.items()
            ],
            "job": kind if job_attribute else None,
            "job_attribute": job_attribute,
            "result": result,
            "snapshot": result and self._snapshot(schema, result),
        }

    def _snapshot(self, payload: Json, result: str) -> str | None:
        """Say how to get a job's state of a payload: it holds it, or all of its fields that its end doesn't imply."""
        for key, node in payload["properties"].items():
            if _target(node) == result:
                return attribute(key, payload)
        told = payload["properties"].keys() | {"status", "progressPercentage", "attemptIndex"}
        return f'_ended("{result}")' if self.schemas[result]["properties"].keys() <= told else None

    def _where(self, operation_id: str) -> str:
        return f"{snake(self.by_id[operation_id]['tags'][0])}.{snake(operation_id)}"

    # -- operations ---------------------------------------------------------------------------------------------

    def _annotate(self, method: str, path: str, operation: Json) -> None:
        """Leave of an operation what the parser needs to see, and in its answer all that the templates print."""
        status, answer = _success(operation)
        op = self._operation(method, path, operation)
        self._refuse_clashes(op)
        answer["x-op"] = op
        operation.pop("requestBody", None)
        operation.update(operationId=op["name"], responses={status: answer})
        operation["parameters"] = [
            {"name": key, "in": "path", "required": True, "schema": {"type": "string"}}
            for key in re.findall(r"{(\w+)}", path)
        ]

    def _operation(self, method: str, path: str, operation: Json) -> Json:
        parameters = [self._parameter(self.resolve(node)) for node in operation.get("parameters", ())]
        if sorted(p["key"] for p in parameters if p["in"] == "path") != sorted(re.findall(r"{([^}]*)}", path)):
            raise PrepareError("the parameters in the path are not those that are described")
        body = self._body(self.resolve(operation["requestBody"])) if "requestBody" in operation else None
        _, answer = _success(operation)
        result = _ref_name(_content(answer)) if "content" in answer else None
        op: Json = {
            "id": operation["operationId"],
            "name": snake(operation["operationId"]),
            "group": snake(operation["tags"][0]),
            "method": method.upper(),
            "path": path,
            # A POST that doesn't say may start something, and is never sent twice.
            "effect": operation.get("x-effect") or ("read" if method == "get" else "once"),
            "summary": self.text(operation.get("summary")),
            "doc": self.text(operation.get("description")),
            "path_parameters": [p for p in parameters if p["in"] == "path"],
            "query": [p for p in parameters if p["in"] == "query"],
            "rate": operation.get("x-rate-limit"),
            "body": body,
            "codec": result and self._named(result)[1],
            "returns": result or "None",
            "picks": None,
            "items": None,
            "uses": _uses([*parameters, *(body["fields"] if body else ())], self.schemas),
        }
        if result and op["effect"] != "once" and "x-job" in self.schemas[result]:
            accepted = self._accepted(result, self.schemas[result]["x-job"])  # a cancel: it starts nothing
            op["picks"], op["returns"] = accepted["id"], accepted["kind"]
        if result and any(p["key"] == "cursor" for p in parameters):
            items, item = self._items(result)
            op["items"] = {"key": attribute(items, self.schemas[result]), "type": item, "id": self._own_id(item)}
        return op

    def _refuse_clashes(self, op: Json) -> None:
        """Stop where two arguments, or an operation and a hand-written method, would have the same name."""
        if op["name"] in HAND_WRITTEN.get(op["group"], ()):
            raise PrepareError(f"{op['group']}.{op['name']} is a hand-written method")
        names = ["self", "request", "fields", *(p["name"] for p in (*op["path_parameters"], *op["query"]))]
        names += [field["name"] for field in (op["body"]["fields"] if op["body"] else ()) if field["name"] != "fields"]
        _refuse_twice(names, "argument")

    def _parameter(self, node: Json) -> Json:
        if node["in"] not in ("path", "query"):
            raise PrepareError(f"{node['name']}: parameters stand in the path or the query, not in {node['in']}")
        kind, codec, _ = self.typed(node["schema"], request=True)
        required = node.get("required", False)
        return {
            "key": node["name"],
            "name": snake(node["name"]),
            "in": node["in"],
            "type": kind if required else f"{kind} | None",
            "argument": kind,
            "required": required,
            "default": "" if required else " = None",
            "row": f'Field("{node["name"]}", "{snake(node["name"])}", {codec}{", required=True" if required else ""})',
            "codec": codec,
            "doc": self.text(node.get("description")),
        }

    def _body(self, body: Json) -> Json:
        name = _ref_name(_content(body))
        schema = self.schemas[name]
        return {
            "model": name,
            "required": body.get("required", False),
            "fields": self._fields(schema, request=True),
            "open": schema.get("additionalProperties") is True,
        }

    def _items(self, page: str) -> tuple[str, str]:
        """Return the key of a page's one list, and the name of its items' schema."""
        lists = {key: node for key, node in self.schemas[page]["properties"].items() if node.get("type") == "array"}
        if len(lists) != 1:
            raise PrepareError(f"{page}: a page has exactly one list, this has {len(lists)}")
        ((key, node),) = lists.items()
        return key, _ref_name(node["items"])

    def _own_id(self, name: str) -> str | None:
        """Return the attribute that tells one item from another: its first required id."""
        schema = self.schemas[name]
        for key, node in schema["properties"].items():
            target = node.get("$ref", "").rsplit("/", 1)[-1]
            if key in schema.get("required", ()) and self.is_id(target):
                return attribute(key, schema)
        return None

    # -- named schemas that are no models -----------------------------------------------------------------------

    def _markers(self, name: str) -> Json:
        """Turn a named text, enum, map or union into an enum whose values say what it is."""
        schema = self.schemas[name]
        if isinstance(schema.get("type"), list) or None in schema.get("enum", ()):
            raise PrepareError("null stands where a schema is used, as anyOf: [$ref, {type: null}]")
        if self.is_id(name):
            values = ["=id"]
        elif "x-id-or-text" in schema:
            values = ["=alias", f"0{schema['x-id-or-text']} | str", "1" + schema["x-id-or-text"]]
        elif self.is_map(name):
            item, _, _ = self.typed(schema["additionalProperties"], request=False)
            values = ["=alias", f"0dict[str, {item}]"]
        elif "discriminator" in schema:
            mapping = schema["discriminator"]["mapping"]
            values = ["=union", "0" + schema["discriminator"]["propertyName"]]
            values += [f"1{value}={target.rsplit('/', 1)[1]}" for value, target in mapping.items()]
        elif "enum" in schema:
            values = ["=enum", f"0{PLAIN[schema.get('type', 'string')][0]}"]
            values += [f"1{index:03}{value!r}" for index, value in enumerate(schema["enum"])]
        else:
            values = ["=alias", "0" + PLAIN[schema["type"]][0]]
        return {"type": "string", "enum": values, "description": self.text(schema.get("description"))}


def _refs(node: Any) -> list[str]:
    """Return the names of the schemas that `node` refers to, anywhere inside."""
    if isinstance(node, list):
        return [name for item in cast("list[Any]", node) for name in _refs(item)]
    if not isinstance(node, dict):
        return []
    items = cast("Json", node)
    here = [_ref_name(items)] if isinstance(items.get("$ref"), str) else []
    return here + [name for key, value in items.items() if not key.startswith("x-") for name in _refs(value)]


def _content(body: Json) -> Json:
    """Return the JSON schema of a request body or an answer."""
    return body["content"]["application/json"]["schema"]


def _target(node: Json) -> str | None:
    return node["$ref"].rsplit("/", 1)[1] if "$ref" in node else None


def _pascal(name: str) -> str:
    """Name an event's class: `file.upload.completed` → `FileUploadCompleted`."""
    return "".join(word.capitalize() for word in re.split(r"[^A-Za-z0-9]+", name))


def _ref_name(node: Json) -> str:
    if "$ref" not in node:
        raise PrepareError("bodies, answers and items need a name: move it to components/schemas")
    return node["$ref"].rsplit("/", 1)[1]


def _uses(fields: list[Json], schemas: dict[str, Json]) -> list[str]:
    """Return the generated names that the types of `fields` mention."""
    words = {word for field in fields for word in re.findall(r"\w+", field["type"])}
    return sorted(words & schemas.keys())


def _success(operation: Json) -> tuple[str, Json]:
    for status, answer in operation["responses"].items():
        if str(status).startswith("2"):
            return status, answer
    raise PrepareError("no answer of success")


def _refuse_twice(names: list[str], what: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PrepareError(f"more than one {what} would be named {', '.join(twice)}")


def _bare(schema: Json) -> Json:
    """Keep of a model's schema only what the parser has to see: names and our data, no nested types of its own."""
    kept = {key: schema[key] for key in ("x-py", "x-tables") if key in schema}
    return {"type": "object", "properties": {}, **kept}
