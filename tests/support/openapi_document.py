"""An OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0): what is wrong with it, and its schemas ready for use.
By hand, because Debian 12 has no validator that knows 3.1; the schemas are judged by their own meta-schema."""
import datetime
import re

import jsonschema

# Kind of object: keys it must have, keys it may have.
OBJECTS = {
    "document": ({"openapi", "info", "paths"}, {"servers", "security", "components", "tags"}),
    "info": ({"title", "version"}, {"summary", "description", "license", "contact", "termsOfService"}),
    "license": ({"name"}, {"identifier", "url"}),
    "components": (set(), {"schemas", "responses", "parameters", "headers", "securitySchemes"}),
    "operation": ({"operationId", "summary", "responses"}, {"description", "parameters", "security", "tags", "deprecated"}),
    "parameter": ({"name", "in", "schema"}, {"description", "required", "deprecated"}),
    "response": ({"description"}, {"headers", "content"}),
    "header": ({"schema"}, {"description", "required"}),
    "media": ({"schema"}, {"example", "examples"}),
    "securityScheme": ({"type"}, {"description", "scheme", "name", "in", "bearerFormat"}),
}
SCHEMA_KEYS = set(
    "$ref type enum const pattern format minLength maxLength minimum maximum default description required properties "
    "additionalProperties items minItems maxItems allOf oneOf".split()
)
METHODS = {"get", "head", "post", "put", "patch", "delete", "options", "trace"}
CHECKER = jsonschema.FormatChecker(formats=())


def of_form(pattern, read):
    # A format says nothing of what is no text.
    return lambda value: not isinstance(value, str) or bool(re.fullmatch(pattern, value) and read(value))


CHECKER.checks("date-time", raises=ValueError)(
    of_form(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", lambda text: datetime.datetime.fromisoformat(text[:-1]))
)
CHECKER.checks("date", raises=ValueError)(of_form(r"\d{4}-\d\d-\d\d", datetime.date.fromisoformat))


class Document:
    def __init__(self, root):
        self.root = root
        self.problems = []
        self.used = set()

    def wrong(self, place, what):
        self.problems.append(f"{place}: {what}")

    def resolve(self, node):
        """What a $ref leads to, else the node itself."""
        while isinstance(node, dict) and "$ref" in node:
            self.used.add(node["$ref"])
            found = self.root
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    # ---- the document itself

    def check(self):
        self.keys("document", "document", self.root)
        if not re.fullmatch(r"3\.1\.\d+", self.root["openapi"]):
            self.wrong("openapi", "not 3.1")
        self.keys("info", "info", self.root["info"])
        self.keys("info.license", "license", self.root["info"].get("license", {"name": ""}))
        self.references(self.root)
        for path, item in self.root["paths"].items():
            self.path(path, item)
        ids = [operation["operationId"] for item in self.root["paths"].values() for operation in item.values()]
        if len(ids) != len(set(ids)):
            self.wrong("paths", "an operationId is there twice")
        self.components()
        return self.problems

    def keys(self, place, kind, node):
        required, optional = OBJECTS[kind]
        for key in required - node.keys():
            self.wrong(place, f"needs {key}")
        for key in node.keys() - required - optional:
            self.wrong(place, f"a {kind} has no {key}")

    def references(self, node):
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            self.references(child)
        if isinstance(node, dict) and "$ref" in node:
            try:
                self.resolve(node)
            except KeyError as error:
                self.wrong(node["$ref"], f"leads nowhere: {error}")

    def path(self, path, item):
        if not path.startswith("/") or item.keys() - METHODS:
            self.wrong(path, f"begins with a slash and has methods alone, not {sorted(item.keys() - METHODS)}")
        for method, operation in item.items():
            place = f"{method} {path}"
            self.keys(place, "operation", operation)
            parameters = [self.resolve(one) for one in operation.get("parameters", [])]
            names = [(one["in"], one["name"]) for one in parameters]
            if len(names) != len(set(names)):
                self.wrong(place, "a parameter is there twice")
            if {name for where, name in names if where == "path"} != set(re.findall(r"{([^}]+)}", path)):
                self.wrong(place, "its path and its path parameters differ")
            for parameter in parameters:
                self.parameter(f"{place} {parameter['name']}", parameter)
            for status, response in operation["responses"].items():
                self.response(f"{place} {status}", status, self.resolve(response))
            self.security(place, operation.get("security", []))

    def parameter(self, place, parameter):
        self.keys(place, "parameter", parameter)
        if parameter["in"] not in ("path", "query", "header"):
            self.wrong(place, f"in {parameter['in']}")
        if parameter["in"] == "path" and parameter.get("required") is not True:
            self.wrong(place, "a path parameter is required")
        self.schema(place, parameter["schema"])

    def response(self, place, status, response):
        self.keys(place, "response", response)
        if not re.fullmatch(r"[1-5]\d\d", status):
            self.wrong(place, "not a status")
        for name, header in response.get("headers", {}).items():
            self.keys(f"{place} {name}", "header", self.resolve(header))
            self.schema(f"{place} {name}", self.resolve(header)["schema"])
        for media, content in response.get("content", {}).items():
            self.keys(f"{place} {media}", "media", content)
            self.schema(f"{place} {media}", content["schema"])

    def security(self, place, alternatives):
        known = self.root.get("components", {}).get("securitySchemes", {})
        for name in {name for one in alternatives for name in one} - known.keys():
            self.wrong(place, f"there is no security scheme {name}")

    def components(self):
        components = self.root.get("components", {})
        self.keys("components", "components", components)
        self.security("security", self.root.get("security", []))
        for name, scheme in components.get("securitySchemes", {}).items():
            self.keys(f"securitySchemes.{name}", "securityScheme", scheme)
        for name, schema in components.get("schemas", {}).items():
            self.schema(f"schemas.{name}", schema)
        for kind in components.keys() - {"securitySchemes"}:
            for name in components[kind]:
                if f"#/components/{kind}/{name}" not in self.used:
                    self.wrong(f"components.{kind}.{name}", "is used nowhere")

    def schema(self, place, schema):
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            self.wrong(place, error.message)
        for key in schema.keys() - SCHEMA_KEYS:
            self.wrong(place, f"a schema that says {key}")
        for name in set(schema.get("required", [])) - self.inlined(schema).get("properties", {}).keys():
            self.wrong(place, f"requires {name} and does not say what it is")
        for name, child in self.children(schema):
            self.schema(f"{place}.{name}", child)

    @staticmethod
    def children(schema):
        yield from schema.get("properties", {}).items()
        for key in ("items", "additionalProperties"):
            if isinstance(schema.get(key), dict):
                yield key, schema[key]
        for key in ("allOf", "oneOf"):
            yield from ((key, one) for one in schema.get(key, []))

    # ---- its schemas

    def inlined(self, schema, closed=False):
        """Without references; `closed`: what is not documented is wrong, but for objects that say otherwise. Our schemas
        don't refer to themselves."""
        schema = dict(self.resolve(schema))
        for part in schema.pop("allOf", []) if closed else []:
            part = self.resolve(part)
            schema["type"] = part["type"]
            schema["properties"] = schema.get("properties", {}) | part["properties"]
            schema["required"] = schema.get("required", []) + part.get("required", [])
        for key in ("allOf", "oneOf"):
            if key in schema:
                schema[key] = [self.inlined(one, closed) for one in schema[key]]
        for key in ("items", "additionalProperties"):
            if isinstance(schema.get(key), dict):
                schema[key] = self.inlined(schema[key], closed)
        if "properties" in schema:
            schema["properties"] = {name: self.inlined(one, closed) for name, one in schema["properties"].items()}
            if closed:
                schema.setdefault("additionalProperties", False)
        return schema

    def mismatches(self, schema, value):
        found = []
        for closed in (False, True):
            validator = jsonschema.Draft202012Validator(self.inlined(schema, closed), format_checker=CHECKER)
            found += [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in validator.iter_errors(value)]
        return sorted(set(found))
