"""Messages between sessions of the real Claude Code: what wakes, what waits, and what became of it."""
import json, os, signal, time
from loopback import call


def send(place, person, to, text, **more):
    """A message that a person wrote, over the server's interface."""
    body = {"to": to, "body": text, "client_id": f"{time.time_ns()}", **more}
    return call("POST", f"{place.server.base}/api/my/meshes/{place.mesh['id']}/messages", body, person.token)


def states(place, person, message):
    """What became of a message, as its sender reads it."""
    url = f"{place.server.base}/api/my/meshes/{place.mesh['id']}/messages/{message}"
    return {r["name"]: r["state"] for r in call("GET", url, token=person.token).get("receipts", [])}


def heard(person):
    """What stands before the model now, without what it said itself."""
    rows = [r for r in person.stub.rows() if r.get("body", {}).get("tools")]
    return json.dumps([m for m in rows[-1]["body"]["messages"] if m["role"] != "assistant"])


def said(place, person):
    """The newest hundred."""
    return call("GET", f"{place.server.base}/api/my/meshes/{place.mesh['id']}/messages", token=person.token)["messages"]


def sent_by(place, person, text):
    return next((m for m in said(place, person) if text in m["body"]), None)


def pair(place, check, **more):
    """Ada's `api` and Bo's `docs`, both at their prompts, both followed."""
    ada, bo = place.person("Ada"), place.person("Bo", **more)
    terminals = [place.launched(ada, "api"), place.launched(bo, "docs")]
    place.followed(ada, terminals[0])
    place.followed(bo, terminals[1])
    return ada, bo, *terminals


def answer(place, check):
    """A asks, B wakes and answers, A takes it up."""
    ada, bo, api, docs = pair(place, check)
    api.say('%tool mcp__claudemesh__send {"to":"bo/docs","text":"?answer yes, drop it"}')
    woke = docs.until(lambda: bo.stub.asked("?answer yes, drop it"), 20, [api])
    check("an idle session of another account wakes", bool(woke), docs.text()[-500:])
    back = api.until(lambda: ada.stub.asked("| yes, drop it"), 20, [docs])
    check("its answer begins a turn of the one who asked", bool(back), api.text()[-500:])
    question, reply = sent_by(place, ada, "?answer"), sent_by(place, bo, "yes, drop it")
    check("the question is acknowledged", bool(question and api.until(
        lambda: "acknowledged" in states(place, ada, question["id"]).values(), 10, [docs])))
    check("the answer is seen", bool(reply and api.until(
        lambda: "seen" in states(place, bo, reply["id"]).values(), 10, [docs])))
    check("the answer goes on with the chain", bool(reply) and reply["hop"] == 1 and reply["chain"] == question["id"])
    if woke and question:
        asked = next(r["t"] for r in ada.stub.rows() if "%tool mcp__claudemesh__send" in json.dumps(r.get("body", {}).get("messages", "")))
        print(f"     from the call to the other's turn: {(woke['t'] - asked) * 1000:.0f} ms")
    check("the person saw what was sent", bool(api.until(api.shows("claudemesh › to bo/docs"), 5, [docs])))


def midturn(place, check):
    """A message in the middle of a turn reaches that turn, and a half-typed prompt survives."""
    ada, bo, api, docs = pair(place, check)
    docs.say("%slow 3")
    docs.until(lambda: bo.stub.asked("%slow 3"), 10, [api])
    send(place, ada, "bo/docs", "while you work")
    check("it comes when the turn is done", bool(docs.until(lambda: bo.stub.asked("while you work"), 20, [api])))
    docs.until(lambda: False, 1, [api])
    docs.type("half a thought")
    send(place, ada, "bo/docs", "a second one")
    check("one wakes beside a half-typed prompt", bool(docs.until(lambda: bo.stub.asked("a second one"), 20, [api])))
    docs.until(lambda: False, 1, [api])
    docs.say(" is whole")
    check("which survives", bool(docs.until(lambda: bo.stub.asked("half a thought is whole"), 10, [api])))


def flood(place, check):
    """Forty messages at once: all arrive, each once."""
    ada, bo, api, docs = pair(place, check)
    sent = [send(place, ada, "bo/docs", f"number {n:02} of forty")["id"] for n in range(40)]

    def arrived():
        text = heard(bo) if bo.stub.rows() else ""
        return [n for n in range(40) if f"number {n:02} of forty" in text]
    docs.until(lambda: len(arrived()) == 40, 120, [api])
    check("all arrive", len(arrived()) == 40, arrived())
    last = heard(bo)
    twice = [n for n in range(40) if last.count(f"| number {n:02} of forty") > 1]
    check("each once", not twice, twice)
    seen = lambda: [s for s in sent if "seen" not in states(place, ada, s).values()]
    check("all are seen", bool(docs.until(lambda: not seen(), 20, [api])), seen())


def refuse(place, check):
    """A person's own `crossSessionInbound: refuse` is kept: told of by a notice, given by `inbox`, and truly said."""
    ada, bo, api, docs = pair(place, check, settings={"crossSessionInbound": "refuse"})
    message = send(place, ada, "bo/docs", "behind a closed door")["id"]
    check("it is handed", bool(docs.until(lambda: "handed" in states(place, ada, message).values(), 20, [api])))
    docs.until(lambda: False, 6, [api])
    check("and not seen", "seen" not in states(place, ada, message).values())
    docs.say("%tool mcp__claudemesh__inbox {}")
    check("a notice tells of it", bool(docs.until(lambda: bo.stub.asked("1 message waits in planning"), 10, [api])))
    check("inbox gives it", bool(docs.until(lambda: bo.stub.asked("| behind a closed door") or bo.stub.asked("not your user | behind"), 10, [api])))
    docs.say("go on")
    check("then it is seen", bool(docs.until(lambda: "seen" in states(place, ada, message).values(), 10, [api])))


def killed(place, check):
    """The daemon is killed: it is started again, and nothing is lost or comes twice."""
    ada, bo, api, docs = pair(place, check)
    for number in range(3):
        for pid in bo.daemons():
            os.kill(pid, signal.SIGKILL)
        send(place, ada, "bo/docs", f"after death {number}")
        check(f"a message comes after kill {number + 1}", bool(
            docs.until(lambda: bo.stub.asked(f"after death {number}"), 30, [api])))
        docs.until(lambda: False, 1, [api])
    last = heard(bo)
    check("none twice", all(last.count(f"| after death {n}") <= 1 for n in range(3)))


ALL = {"answer": answer, "midturn": midturn, "flood": flood, "refuse": refuse, "killed": killed}
