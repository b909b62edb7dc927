"""A small server that speaks the OpenAI chat protocol over real HTTP, checks requests, and answers from a table."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-test-0123456789"
MODEL = "small-model"
EMPTY: dict[str, Any] = {"entities": [], "facts": [], "events": []}

Reply = tuple[int, dict[str, str], str]
"""Status, headers and body."""


class LlmServer:
    """What the server knows, what it was asked, and what it does next instead of answering."""

    def __init__(self) -> None:
        self.answers: dict[str, Mapping[str, Any]] = {}
        """What the model understands of a text, or makes of a summary with a title."""
        self.instead: deque[Callable[[], Reply]] = deque()
        """Replies that are given first, one for each request."""
        self.requests: list[dict[str, Any]] = []
        self.refused: list[str] = []
        """What was wrong with requests that did not follow the protocol."""
        self.url = ""
        self.free = threading.Event()
        """Set when nothing need wait any longer."""
        self.together = 0
        self.most_together = 0
        self._lock = threading.Lock()

    def reply(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        with self._lock:
            self.together += 1
            self.most_together = max(self.most_together, self.together)
            instead = self.instead.popleft() if self.instead else None
        try:
            if instead is not None:
                return instead()
            return self._answer(path, headers, body)
        finally:
            with self._lock:
                self.together -= 1

    def hang(self) -> Reply:
        """Say nothing until the test is over."""
        self.free.wait(30)
        return 200, {}, ""

    def _answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if path != "/v1/chat/completions":
            return failure(404, f"Invalid URL (POST {path})", code=None)
        given = headers.get("Authorization", "").removeprefix("Bearer ")
        if given != KEY:
            return failure(401, f"Incorrect API key provided: {given}.", code="invalid_api_key")
        request = json.loads(body)
        self.requests.append(request)
        if request["model"] != MODEL:
            return failure(404, f"The model `{request['model']}` does not exist", code="model_not_found")
        wrong = list(_wrong(request))
        if wrong:
            self.refused += wrong
            return failure(400, "; ".join(wrong), code="invalid_request_error")
        question = json.loads(request["messages"][1]["content"])
        text = question["text"] if "text" in question else question["title"]
        return completion(json.dumps(self.answers.get(text, EMPTY)))


def completion(
    content: str | None, *, finish_reason: str = "stop", refusal: str | None = None, choices: int = 1
) -> Reply:
    """A reply of the model, as the API gives it."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": content, "refusal": refusal, "annotations": []},
        "logprobs": None,
        "finish_reason": finish_reason,
    }
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1700000000,
        "model": MODEL,
        "choices": [choice] * choices,
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }
    return 200, {"Content-Type": "application/json"}, json.dumps(body)


def failure(status: int, message: str, *, code: str | None, **headers: str) -> Reply:
    """An error, as the API gives it."""
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": "application/json", **named}, json.dumps({"error": error})


def _wrong(request: Mapping[str, Any]) -> Iterator[str]:
    """What the API would not take."""
    if [message["role"] for message in request["messages"]] != ["system", "user"]:
        yield "the messages are not one of the system and one of the user"
    wanted = request.get("response_format", {})
    if wanted.get("type") != "json_schema" or wanted["json_schema"].get("strict") is not True:
        yield "no strict json_schema"
        return
    yield from _loose(wanted["json_schema"]["schema"])


def _loose(schema: Any) -> Iterator[str]:
    """Parts of a schema that strict mode does not allow."""
    if isinstance(schema, list):
        for part in schema:
            yield from _loose(part)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object" and (
        schema.get("additionalProperties") is not False or set(schema["required"]) != set(schema["properties"])
    ):
        yield f"not all of {sorted(schema['properties'])} is required and nothing else allowed"
    if "default" in schema:
        yield "a default"
    for part in schema.values():
        yield from _loose(part)


@contextmanager
def serving() -> Iterator[LlmServer]:
    """Run a server on a free port of this machine."""
    state = LlmServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, said = state.reply(self.path, self.headers, body)
            try:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(said.encode()))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said.encode())
            except (BrokenPipeError, ConnectionResetError):  # the client waits no longer
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}/v1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield state
        finally:
            state.free.set()
            server.shutdown()
            thread.join()
