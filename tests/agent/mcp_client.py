"""MCP client over stdio for the tests: lines out, lines in, in the stateless era or after a handshake."""
import json
import queue
import subprocess
import threading
import time

import jsonschema

modern, legacy = "2026-07-28", "2025-11-25"
prefix = "io.modelcontextprotocol/"


class Client:
    def __init__(self, command, revision, name="test", **more):
        self.name = name  # name of the client: one of the keys of the limits
        self.revision, self.next_id, self.waiting, self.stray = revision, 0, {}, queue.Queue()
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **more)
        threading.Thread(target=self.read, daemon=True).start()
        if revision != modern:
            self.hello = self.ask("initialize", {"protocolVersion": revision, "capabilities": {}, "clientInfo": {"name": self.name, "version": "1"}})
            self.send({"method": "notifications/initialized"})

    def read(self):
        for line in self.child.stdout:
            answer = json.loads(line)
            self.waiting.get(answer.get("id"), self.stray).put(answer)

    def write(self, text):
        self.child.stdin.write(text.encode() + b"\n")
        self.child.stdin.flush()

    def send(self, message):
        self.write(json.dumps({"jsonrpc": "2.0", **message}))

    def meta(self):
        """Returns the `_meta` of each stateless request."""
        return {prefix + "protocolVersion": modern, prefix + "clientCapabilities": {}, prefix + "clientInfo": {"name": self.name, "version": "1"}}

    def answer(self, method, params=None, limit=60):
        """Returns the whole answer to a request."""
        self.next_id += 1
        number, params = self.next_id, dict(params or {})
        if self.revision == modern:
            params["_meta"] = self.meta()
        self.waiting[number] = queue.Queue()
        self.send({"id": number, "method": method, "params": params})
        try:
            return self.waiting[number].get(timeout=limit)
        finally:
            del self.waiting[number]

    def ask(self, method, params=None):
        """Returns the result. A protocol error ends the test."""
        answer = self.answer(method, params)
        assert "result" in answer, (method, params, answer)
        extra = {"resultType", "ttlMs", "cacheScope"} & set(answer["result"])
        assert ("resultType" in extra) if self.revision == modern else not extra, answer
        return answer["result"]

    def listen(self, *uris):
        """Returns the id of a subscription, and what was granted. Announcements arrive in `stray`."""
        self.next_id += 1
        self.send({"id": self.next_id, "method": "subscriptions/listen", "params": {"_meta": self.meta(), "notifications": {"resourceSubscriptions": uris}}})
        granted = self.stray.get(timeout=60)
        assert granted["method"] == "notifications/subscriptions/acknowledged", granted
        assert granted["params"]["_meta"] == {prefix + "subscriptionId": self.next_id}, granted
        return self.next_id, granted["params"]["notifications"]

    def call(self, tool, arguments):
        """Returns (structured answer, None) checked by the tool's schema, or (None, error to fix)."""
        result = self.ask("tools/call", {"name": tool["name"], "arguments": arguments})
        text = result["content"][0]["text"]
        if result.get("isError"):
            return None, text
        jsonschema.validate(result["structuredContent"], tool["outputSchema"])
        assert json.loads(text) == result["structuredContent"]
        assert len(text) <= 32 * 1024, (tool["name"], len(text))
        return result["structuredContent"], None

    def end(self):
        """Closes the input. Returns the seconds until the process has ended."""
        begin = time.monotonic()
        self.child.stdin.close()
        assert self.child.wait(60) == 0
        return time.monotonic() - begin
