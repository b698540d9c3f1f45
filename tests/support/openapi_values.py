"""What the API is asked for: good and bad values of each documented parameter, taken from the document and, where that can't
tell, from what the store knows."""
import urllib.parse


def bad_values(name, schema):
    """What the parameter's schema, or its description, does not allow."""
    if "enum" in schema:
        return ["nonsense", "", schema["enum"][0].upper() if schema["enum"][0].isalpha() else "01"]
    if schema["type"] == "integer":
        return ["", "x", "1.5", " 1", "0x1", str(schema["minimum"] - 1), str(schema["maximum"] + 1), "9" * 30]
    values = [""] if schema.get("minLength") or "pattern" in schema else []
    values += ["No Such!"] if "pattern" in schema else []
    values += ["x" * (schema["maxLength"] + 1)] if "maxLength" in schema else []
    told = {"cursor": ["", "nonsense", "-"], "since": ["", "yesterday", "2026-13-01", "2026-02-30T00:00:00Z"]}
    return values + told.get({"until": "since"}.get(name, name), [])


class Values:
    def __init__(self, document, client):
        self.document = document
        self.client = client
        self.incidents = client.ask("/incidents", [("limit", "500")]).json()["incidents"]

    def parameters(self, template, where):
        """Name and schema of each in `where`."""
        every = map(self.document.resolve, self.document.root["paths"][template]["get"].get("parameters", []))
        return [(one["name"], self.document.inlined(one["schema"])) for one in every if one["in"] == where]

    def path(self, template, given=(), **others):
        """Of the newest incident, with the query that has to be there unless `given`; `others` stand in for parts of it."""
        one = self.incidents[0]
        parts = {"provider": one["provider"], "slug": one["provider"], "id": one["id"]} | others
        path = template.format(**{name: urllib.parse.quote(part, safe="") for name, part in parts.items()})
        query = {name: parts[name] for name in self.required(template) if name not in given}
        return path + ("?" + urllib.parse.urlencode(query) if query else "")

    def required(self, template):
        every = map(self.document.resolve, self.document.root["paths"][template]["get"].get("parameters", []))
        return [one["name"] for one in every if one["in"] == "query" and one.get("required")]

    def good(self, template, name, schema):
        one = self.incidents[0]
        if template.startswith("/incidents/{provider}"):
            return {"id": [one["id"]], "kind": [one["kind"]]}[name]
        if "enum" in schema:
            return schema["enum"]
        if schema["type"] == "integer":
            return [str(schema[key]) for key in ("minimum", "default", "maximum")]
        component = next(part for incident in self.incidents for part in incident["components"] if part["id"])
        time = ["2026-02-20T14:32:00Z", "2026-02-20T15:32:00.5+01:00", "2026-02-20", "1771598000"]
        return {
            "provider": [one["provider"]], "component": [component["id"], component["name"]], "since": time, "until": time,
            "q": ["api", "api incident", "inc*", 'a"b OR (c', "雨"], "cursor": self.cursors(template), "last_event_id": ["1"],
        }[name]

    def cursors(self, template):
        following = self.client.ask(template, [("limit", "1")]).json().get("next")
        return [following] if following else []
