"""Whether the store's API does what openapi.json says, and nothing else:
check_openapi.py FILE OPEN LOCKED TOKEN BROKEN. Three stores of one feed by their URLs: one for everybody, one that wants TOKEN,
one whose database can't be read. Each documented path is asked with every documented parameter, rightly and wrongly; all
answers are held against the document, and each documented status must have come. Prints what differs, a line each; 1 when
something does."""
import base64
import json
import sys
import urllib.parse

from openapi_client import Client
from openapi_document import Document
from openapi_values import Values, bad_values

NOWHERE = ["/nowhere", "/Incidents", "/incidents/", "/incidents/github/", "/providers/", "/badge/github", "/badge/.svg"]
MOST_SHOWN = 200
OTHER_METHODS = ["POST", "PUT", "PATCH", "DELETE"]
UNKNOWN = "no-such-thing"


class Check:
    def __init__(self, document, stores, token):
        self.document = document
        self.open, self.locked, self.broken = stores
        self.token = token
        self.problems = []
        self.reached = set()
        self.zipped_some = False
        self.values = Values(document, self.open)

    def wrong(self, where, what):
        self.problems.append(f"{where}: {what}")

    # ---- one question, one answer

    def ask(self, template, path=None, query=(), headers=None, client=None, expect=(200,)):
        """Asks and holds the answer against the document."""
        path = path or self.values.path(template, given=[name for name, _ in query])
        answer = (client or self.open).ask(path, query, headers)
        where = f"GET {path}{' ' if query else ''}{urllib.parse.urlencode(list(query))[:100]} {answer.status}"
        if answer.status not in expect:
            self.wrong(where, f"expected {' or '.join(map(str, expect))}: {answer.body[:200]!r}")
        responses = self.operation(template)["responses"]
        if str(answer.status) not in responses:
            self.wrong(where, "this status is not documented")
            return answer
        self.reached.add((template, str(answer.status)))
        self.judge(where, self.document.resolve(responses[str(answer.status)]), answer)
        return answer

    def judge(self, where, response, answer):
        content = response.get("content", {})
        if not content and answer.body:
            self.wrong(where, f"a body, which is not documented: {answer.body[:100]!r}")
        if content and answer.content_type not in content:
            self.wrong(where, f"Content-Type {answer.content_type!r}, documented {list(content)}")
        elif content:
            self.judge_body(where, content[answer.content_type]["schema"], answer)
        if "ETag" in response.get("headers", {}) and "etag" not in answer.headers:
            self.wrong(where, "no ETag")

    def judge_body(self, where, schema, answer):
        if answer.content_type != "application/json":
            try:
                answer.body.decode()
            except UnicodeDecodeError as error:
                self.wrong(where, error)
            return
        try:
            for mismatch in self.document.mismatches(schema, answer.json()):
                self.wrong(where, mismatch)
        except ValueError as error:
            self.wrong(where, f"not JSON: {error}")

    def refused(self, template, name, query, path=None, expect=(400,)):
        answer = self.ask(template, path, query, expect=expect)
        if answer.status == 400 and name not in answer.body.decode():
            self.wrong(f"GET {template} {query}", f"the refusal does not name {name}: {answer.body[:200]!r}")

    def operation(self, template):
        return self.document.root["paths"][template]["get"]

    def parameters(self, template, where):
        return self.values.parameters(template, where)

    # ---- the checks

    def served_document(self, file):
        answer = self.open.ask("/openapi.json")
        with open(file, "rb") as source:
            if answer.status != 200 or answer.json() != json.load(source):
                self.wrong("GET /openapi.json", f"{answer.status}, not the file")

    def good(self, template):
        self.ask(template)
        for name, schema in self.parameters(template, "query"):
            for value in self.values.good(template, name, schema):
                self.ask(template, query=[(name, value)])
        for name, _ in self.parameters(template, "header"):
            self.ask(template, headers={name: "1"})

    def bad(self, template):
        strict = "400" in self.operation(template)["responses"]
        if strict:
            self.refused(template, "nonsense", [("nonsense", "1")])
        else:
            self.ask(template, query=[("nonsense", "1")])
        for name, schema in self.parameters(template, "query"):
            for value in bad_values(name, schema):
                self.refused(template, name, [(name, value)])
            for value in self.values.good(template, name, schema)[:1]:
                self.refused(template, name, [(name, value), (name, value)])

    def unknown(self, template):
        if "404" not in self.operation(template)["responses"]:
            return
        names = [name for name, _ in self.parameters(template, "path")]
        for missing in names:
            self.ask(template, self.values.path(template, **{missing: UNKNOWN}), expect=(404,))
            self.ask(template, self.values.path(template, **{missing: "No Such!"}), expect=(400, 404))
        if not names:
            self.ask(template, query=[("provider", UNKNOWN)], expect=(404,))

    def unchanged(self, template):
        if "304" not in self.operation(template)["responses"]:
            return
        tag = self.open.ask(self.values.path(template)).headers.get("etag", "")
        self.ask(template, headers={"If-None-Match": tag}, expect=(304,))
        self.ask(template, headers={"If-None-Match": f'"other", {tag}'}, expect=(304,))
        self.ask(template, headers={"If-None-Match": '"other"'})

    def zipped(self, template):
        answer = self.ask(template, headers={"Accept-Encoding": "gzip"})
        plain = self.open.ask(self.values.path(template))
        self.zipped_some |= answer.headers.get("content-encoding") == "gzip"
        if "304" in self.operation(template)["responses"] and answer.body != plain.body:
            self.wrong(f"GET {template}", "zipped it is something else")
        if "content-encoding" in plain.headers:
            self.wrong(f"GET {template}", "encoded, and nobody asked for it")

    def head_like_get(self, template):
        path = self.values.path(template)
        head, get = self.open.ask(path, method="HEAD"), self.open.ask(path)
        lasting = ["content-length", "etag"] if "etag" in get.headers else []
        for name in ["content-type"] + lasting:
            if head.headers.get(name) != get.headers.get(name):
                self.wrong(f"HEAD {path}", f"{name} {head.headers.get(name)}, GET says {get.headers.get(name)}")
        if head.status != get.status or head.body:
            self.wrong(f"HEAD {path}", f"{head.status}, GET {get.status}")

    def other_methods(self, template):
        path = self.values.path(template)
        for method in OTHER_METHODS:
            answer = self.open.ask(path, method=method)
            allowed = {one.strip() for one in answer.headers.get("allow", "").split(",")}
            if answer.status != 405 or not {"GET", "HEAD"} <= allowed or method in allowed:
                self.wrong(f"{method} {path}", f"{answer.status}, Allow {sorted(allowed)}")
            self.error_body(f"{method} {path}", answer)

    def error_body(self, where, answer):
        error = {"$ref": "#/components/schemas/Error"}
        self.judge(where, {"content": {"application/json": {"schema": error}}}, answer)

    def locked_out(self, template):
        path = self.values.path(template)
        for headers in ({}, {"Authorization": "Bearer wrong-wrong-wrong-wrong"}):
            answer = self.ask(template, headers=headers, client=self.locked, expect=(401,))
            if "www-authenticate" not in answer.headers:
                self.wrong(f"GET {path} 401", "no WWW-Authenticate")
        for scheme in self.document.root["components"]["securitySchemes"].values():
            headers, query = self.credentials(scheme)
            self.ask(template, query=query, headers=headers, client=self.locked)

    def credentials(self, scheme):
        if scheme["type"] == "apiKey":
            return {}, [(scheme["name"], self.token)]
        if scheme["scheme"] == "basic":
            return {"Authorization": "Basic " + base64.b64encode(f"any:{self.token}".encode()).decode()}, []
        return {"Authorization": "Bearer " + self.token}, []

    def unreadable(self, template):
        expected = 503 if "503" in self.operation(template)["responses"] else 200
        self.ask(template, client=self.broken, expect=(expected,))

    def pages(self, template):
        """From page to page by Link as well as by cursor, to the end."""
        if "cursor" not in [name for name, _ in self.parameters(template, "query")]:
            return
        query = [("limit", "3")]
        for _ in range(1000):
            answer = self.ask(template, query=query)
            following = answer.json().get("next") if answer.status == 200 else None
            link = answer.headers.get("link", "")
            if bool(link) != bool(following) or (link and not self.leads_on(link, template, following)):
                self.wrong(f"GET {template}", f"Link {link!r} with next {following!r}")
            if not following:
                return
            query = [("limit", "3"), ("cursor", following)]
        self.wrong(f"GET {template}", "its pages have no end")

    @staticmethod
    def leads_on(link, template, following):
        target, _, rest = link.removeprefix("<").partition(">")
        parts = urllib.parse.urlsplit(target)
        query = dict(urllib.parse.parse_qsl(parts.query))
        return parts.path == template and query == {"limit": "3", "cursor": following} and 'rel="next"' in rest

    def details(self):
        template = "/incidents/{provider}/{id}"
        by_id = "/incidents/{provider}"
        for one in self.values.incidents:
            path = self.values.path(template, provider=one["provider"], id=one["id"])
            self.ask(template, path, [("kind", one["kind"])])
            self.ask(by_id, self.values.path(by_id, provider=one["provider"], id=one["id"]), [("kind", one["kind"])])

    def nowhere(self):
        for path in NOWHERE:
            answer = self.open.ask(path)
            if answer.status != 404:
                self.wrong(f"GET {path}", f"{answer.status}, not 404")
            self.error_body(f"GET {path}", answer)

    def never_reached(self):
        if not self.zipped_some:
            self.wrong("Accept-Encoding: gzip", "nothing ever came zipped")
        for template in self.document.root["paths"]:
            for status in self.operation(template)["responses"]:
                if (template, status) not in self.reached:
                    self.wrong(f"GET {template}", f"{status} is documented and never came")

    def run(self, file):
        for template in self.document.root["paths"]:
            for check in (self.good, self.bad, self.unknown, self.unchanged, self.zipped, self.head_like_get, self.other_methods,
                          self.locked_out, self.unreadable, self.pages):
                self.attempt(f"GET {template}", check, template)
        self.attempt("GET /openapi.json", self.served_document, file)
        self.attempt("GET /incidents/{provider}/{id}", self.details)
        self.attempt("GET of nothing", self.nowhere)
        self.never_reached()
        return self.problems

    def attempt(self, where, check, *arguments):
        """One that can't be made is one difference more, and the others go on."""
        try:
            check(*arguments)
        except Exception as error:
            self.wrong(where, f"{check.__name__}: {error!r}")


def main(file, open_url, locked_url, token, broken_url):
    with open(file, "rb") as source:
        document = Document(json.load(source))
    problems = document.check()
    if not problems:
        problems = Check(document, [Client(url) for url in (open_url, locked_url, broken_url)], token).run(file)
    problems = list(dict.fromkeys(problems))
    print("\n".join(problems[:MOST_SHOWN]))
    print(f"{len(problems)} differences")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
