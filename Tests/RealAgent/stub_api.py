#!/usr/bin/env python3
"""A stand-in for the model behind the real Claude Code: it does what the newest text says, and writes down what it was asked.

    stub_api.py [--port N] [--log FILE]

Prints `PORT n` when it listens, on loopback alone. Every request is one line of JSON in the log. What a text makes it do:

    %tool NAME {json}     calls that tool; the turn after its result is text. Several lines: one after the other
    %slow SECONDS         waits that long before the reply
    %error STATUS         that HTTP status
    ?answer WORDS         in a message of the mesh, the newest not yet answered: answers it by the tool `send` with these words
    ?forever WORDS        the same, and the answer asks for one in its turn
    ?shell COMMAND        in a message of the mesh: runs it with Bash, once
    anything else         a text that says it back

To teach it one more: a pattern in `script`, or a line in `reply`.
"""
import argparse, itertools, json, re, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOCK = threading.Lock()
COUNT = itertools.count(1)
SEND = "mcp__claudemesh__send"


def blocks(message):
    content = message.get("content")
    return [{"type": "text", "text": content}] if isinstance(content, str) else content or []


def texts(message):
    return [b.get("text", "") for b in blocks(message) if b.get("type") == "text"]


def results(message):
    out = []
    for block in blocks(message):
        if block.get("type") == "tool_result":
            content = block.get("content")
            out.append(content if isinstance(content, str) else " ".join(b.get("text", "") for b in content or []))
    return out


def script(body):
    """The `%` lines of the newest text of the user's that has any, and how many of its calls were made since."""
    calls, done, text = [], 0, ""
    for message in body.get("messages", []):
        if message["role"] != "user":
            continue
        found = [t for t in texts(message) if re.search(r"^\s*%(tool|slow|error)\b", t, re.M)]
        if found:
            text, done = found[-1], 0
            calls = re.findall(r"^\s*%tool (\S+)\s*(.*)$", text, re.M)
        elif results(message):
            done += len(results(message))
        elif any("<system-reminder>" not in t for t in texts(message)):
            calls, done, text = [], 0, ""  # a newer plain text ends the script
    return calls, done, text


def unanswered(body):
    """Messages of the mesh that ask for an answer and got none: (id, words), in order. They stand in turns of the user's,
    and, where they came while a tool ran, in turns of the system's; `inbox` gives them as a result."""
    asked, answered = {}, set()
    for message in body.get("messages", []):
        for block in blocks(message):
            if block.get("type") == "tool_use" and block.get("name") == SEND:
                answered.add(block.get("input", {}).get("reply_to"))
        for text in texts(message) + results(message):
            for part in re.split(r"(?<=\])\n", text):
                words = re.search(r"\?(?:answer|(?=forever))\s*((?:forever )?[^\n]*)", part)
                reference = re.search(r'reply_to "([^"]+)"', part)
                if words and reference:
                    text = words[1].rstrip("…")
                    asked[reference[1]] = "?" + text if text.startswith("forever ") else text
    return [(key, words) for key, words in asked.items() if key not in answered]


def shells(body):
    """Commands that messages of the mesh ask for and that were not run yet."""
    asked, run = [], set()
    for message in body.get("messages", []):
        for block in blocks(message):
            if block.get("type") == "tool_use" and block.get("name") == "Bash":
                run.add(block.get("input", {}).get("command"))
        for text in texts(message):
            asked += re.findall(r"^\| \?shell ([^\n]*)", text, re.M)
    return [command for command in asked if command not in run]


def reply(body, n):
    if not body.get("tools"):
        return [{"type": "text", "text": "a title"}]
    calls, done, _ = script(body)
    if done < len(calls):
        name, argument = calls[done]
        try:
            argument = json.loads(argument or "{}")
        except ValueError:
            argument = {"raw": argument}
        return [{"type": "tool_use", "id": f"toolu_{n:06d}", "name": name, "input": argument}]
    if shell := shells(body):
        call = {"command": shell[0], "description": "asked for"}
        return [{"type": "tool_use", "id": f"toolu_{n:06d}", "name": "Bash", "input": call}]
    waiting = unanswered(body)
    if waiting:
        key, words = waiting[0]
        return [{"type": "tool_use", "id": f"toolu_{n:06d}", "name": SEND, "input": {"reply_to": key, "text": words}}]
    users = [m for m in body.get("messages", []) if m["role"] == "user"]
    last = users[-1] if users else {}
    said = results(last) + [t for t in texts(last) if not t.startswith("<system-reminder>")]
    return [{"type": "text", "text": f"ECHO[{n}]: " + " | ".join(said)[:200]}]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def record(self, **row):
        if self.server.log:
            with LOCK, open(self.server.log, "a") as file:
                file.write(json.dumps({"t": time.time(), **row}) + "\n")

    def send(self, status, value):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_HEAD(self):
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def do_GET(self):
        self.record(method="GET", path=self.path)
        self.send(404, {"type": "error", "error": {"type": "not_found_error", "message": self.path}})

    def do_POST(self):
        n = next(COUNT)
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            body = json.loads(raw)
        except ValueError:
            body = {}
        self.record(n=n, method="POST", path=self.path, body=body)
        if self.path.startswith("/v1/messages/count_tokens"):
            return self.send(200, {"input_tokens": 10})
        if not self.path.startswith("/v1/messages"):
            return self.send(404, {"type": "error", "error": {"type": "not_found_error", "message": self.path}})
        text = script(body)[2]
        if slow := re.search(r"^\s*%slow ([\d.]+)", text, re.M):
            time.sleep(float(slow[1]))
        if error := re.search(r"^\s*%error (\d+)", text, re.M):
            return self.send(int(error[1]), {"type": "error", "error": {"type": "api_error", "message": "stub"}})
        answer = reply(body, n)
        stop = "tool_use" if answer[-1]["type"] == "tool_use" else "end_turn"
        head = {"id": f"msg_{n:06d}", "type": "message", "role": "assistant", "model": body.get("model", "stub"),
                "stop_sequence": None, "usage": {"input_tokens": 10, "output_tokens": 5}}
        if not body.get("stream"):
            return self.send(200, {**head, "content": answer, "stop_reason": stop})
        self.stream(head, answer, stop)

    def stream(self, head, answer, stop):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            self.event("message_start", message={**head, "content": [], "stop_reason": None})
            for place, block in enumerate(answer):
                is_text = block["type"] == "text"
                empty = {"type": "text", "text": ""} if is_text else {**block, "input": {}}
                delta = ({"type": "text_delta", "text": block["text"]} if is_text
                         else {"type": "input_json_delta", "partial_json": json.dumps(block["input"])})
                self.event("content_block_start", index=place, content_block=empty)
                self.event("content_block_delta", index=place, delta=delta)
                self.event("content_block_stop", index=place)
            self.event("message_delta", delta={"stop_reason": stop, "stop_sequence": None}, usage={"output_tokens": 5})
            self.event("message_stop")
        except (BrokenPipeError, ConnectionResetError):
            self.record(event="the client went away")

    def event(self, kind, **data):
        self.wfile.write(f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n".encode())
        self.wfile.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log")
    options = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    server.daemon_threads = True
    server.log = options.log
    print("PORT", server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
