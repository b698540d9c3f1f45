"""HTTP as the check of the API needs it: one request a connection, the answer as it is; of a stream the head alone."""
import gzip
import http.client
import json
import urllib.parse

PATIENCE = 60  # seconds; only ever an upper bound


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.raw = body
        self.body = gzip.decompress(body) if body and self.headers.get("content-encoding") == "gzip" else body

    @property
    def content_type(self):
        return self.headers.get("content-type", "")

    def json(self):
        return json.loads(self.body)


class Client:
    def __init__(self, url):
        self.host = urllib.parse.urlsplit(url).netloc

    def ask(self, path, query=(), headers=None, method="GET"):
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        try:
            text = urllib.parse.urlencode(list(query))
            joint = "&" if "?" in path else "?"
            connection.request(method, path + (joint + text if text else ""), headers=headers or {})
            response = connection.getresponse()
            endless = response.getheader("Content-Type", "").startswith("text/event-stream")
            return Answer(response, b"" if endless else response.read())
        finally:
            connection.close()
