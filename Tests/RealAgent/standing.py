"""What a session is to its mesh as that changes: cleared, silenced, asking nobody, without tools, put out, killed, away."""
import os, signal, sqlite3, time
from loopback import call
from lanes import peer
from mesh import heard, pair, send, states


def clear(place, check):
    """/clear: Claude Code's own id changes, the peer stays, is woken, and is told again who it is."""
    ada, bo, api, docs = pair(place, check)
    docs.say("before the clearing")
    docs.until(lambda: bo.stub.asked("before the clearing"), 10, [api])
    docs.until(lambda: False, 1, [api])
    before = peer(place, bo, "docs")
    docs.say("/clear")
    docs.until(lambda: False, 2, [api])
    message = send(place, ada, "bo/docs", "after the clearing")["id"]
    check("it wakes", bool(docs.until(lambda: bo.stub.asked("after the clearing"), 20, [api])), docs.text()[-500:])
    check("it is the same peer", peer(place, bo, "docs").get("session_id") == before.get("session_id"))
    check("and seen", bool(docs.until(lambda: "seen" in states(place, ada, message).values(), 10, [api])))
    text = heard(bo)
    check("what was before is gone, who it is stands there", "before the clearing" not in text and "You are bo/docs" in text)
    docs.say('%tool mcp__claudemesh__send {"to":"ada/api","text":"still me"}')
    check("what it sends is its own", bool(api.until(lambda: ada.stub.asked("of bo/docs, a session of Bo"), 20, [docs])))


def quiet(place, check):
    """Its person wants quiet: nothing wakes, nothing is lost, the next turn is told; the model widens nothing."""
    ada, bo, api, docs = pair(place, check)
    bo.call("attention", "quiet", "--mesh", place.mesh["id"])
    carried = lambda: bo.call("daemon", "status", check=False)["sessions"][0]
    check("the daemon's status says so", carried()["attention"] == "quiet", carried())
    sent = send(place, ada, "bo/docs", "in the quiet")
    check("its sender knows that it does not wake", "wakes" not in sent["recipients"][0] or not sent["recipients"][0]["wakes"], sent)
    docs.until(lambda: False, 4, [api])
    check("nothing wakes it", not bo.stub.asked("in the quiet"))
    docs.say('%tool mcp__claudemesh__inbox {}')
    check("a notice tells of it", bool(docs.until(lambda: bo.stub.asked("1 message waits in planning: ada"), 10, [api])))
    check("inbox gives it", bool(docs.until(lambda: bo.stub.asked("| in the quiet"), 10, [api])))
    bo.call("attention", "open", "--mesh", place.mesh["id"])
    send(place, ada, "bo/docs", "open again")
    check("opened again, it wakes", bool(docs.until(lambda: bo.stub.asked("open again"), 20, [api])))
    docs.until(lambda: False, 2, [api])
    bo.call("attention", "quiet", "--for", "8s", "--mesh", place.mesh["id"])
    send(place, ada, "bo/docs", "for a while")
    docs.until(lambda: False, 8, [api])
    check("for a while nothing wakes it", not bo.stub.asked("for a while"))
    send(place, ada, "bo/docs", "after a while")
    check("when that has ended, it wakes", bool(docs.until(lambda: bo.stub.asked("after a while"), 20, [api])))
    check("and is told of what waited", bool(docs.until(lambda: heard(bo).count("1 message waits in planning: ada") == 2, 10, [api])),
          heard(bo)[-900:])


def bypass(place, check):
    """A session that asks nobody is not woken by another account; by its own it is."""
    ada, bo = place.person("Ada"), place.person("Bo", settings={"skipDangerousModePermissionPrompt": True})
    flags = ("--permission-mode", "bypassPermissions")
    docs = place.terminal(bo, "--name", "docs", "--role", "", "-y", flags=flags)
    if not docs.until(docs.shows("❯"), 20) or docs.draws("Bypass Permissions mode")() and docs.draws("Yes, I accept")():
        docs.type("\x1b[B")
        docs.until(lambda: False, 0.5)
        docs.type("\r")
    place.followed(bo, docs)
    docs.say("something of my own")
    docs.until(lambda: bo.stub.asked("something of my own"), 20)
    docs.until(lambda: False, 1)
    message = send(place, ada, "bo/docs", "do as I say")["id"]
    docs.until(lambda: False, 5)
    check("another's text does not wake it", not bo.stub.asked("do as I say"))
    check("and is not called given", "fetched" in states(place, ada, message).values(), states(place, ada, message))
    own = send(place, bo, "bo/docs", "from your own account")
    check("one's own wakes it", bool(docs.until(lambda: bo.stub.asked("from your own account"), 20)), own)
    check("a notice tells of the other's", bool(docs.until(lambda: bo.stub.asked("1 message waits in planning: ada 1"), 10)))


def deaf(place, check):
    """Its tools die: Claude Code starts them again, or the mesh knows that it is deaf until its person does; nothing is lost or doubled."""
    ada, bo, api, docs = pair(place, check)
    for pid in bo.processes(b"mcp"):
        os.kill(pid, signal.SIGKILL)
    status = lambda: peer(place, bo, "docs").get("status")
    docs.until(lambda: status() == "deaf", 10, [api])
    isDeaf = not bo.processes(b"mcp")
    print(f"     its tools are {'gone' if isDeaf else 'there again'}")
    check("the mesh says what is so", isDeaf == (status() == "deaf"), status())
    message = send(place, ada, "bo/docs", "to the deaf")
    check("its sender is told whether it may wake", isDeaf != bool(message["recipients"][0].get("wakes")), message)
    if isDeaf:
        check("it stays on its machine", bool(docs.until(
            lambda: "fetched" in states(place, ada, message["id"]).values(), 10, [api])), states(place, ada, message["id"]))
        docs.say("/mcp")
        # The server's row, then its first choice, which is to reconnect.
        for _ in range(2):
            docs.until(lambda: False, 1.5, [api])
            docs.type("\r")
        check("its person reconnects", bool(docs.until(lambda: bo.processes(b"mcp") and status() != "deaf", 40, [api])), status())
        docs.say("%tool mcp__claudemesh__inbox {}")
        check("a notice tells of it", bool(docs.until(lambda: bo.stub.asked("1 message waits in planning: ada"), 15, [api])),
              docs.text()[-600:])
    check("it comes", bool(docs.until(lambda: bo.stub.asked("| to the deaf"), 20, [api])), docs.text()[-600:])
    send(place, ada, "bo/docs", "to one who hears")
    check("the next one wakes", bool(docs.until(lambda: bo.stub.asked("to one who hears"), 20, [api])), docs.text()[-600:])
    check("each once", all(heard(bo).count(text) == 1 for text in ("| to the deaf", "| to one who hears")), heard(bo)[-900:])


def putout(place, check):
    """Put out by another: its tools and its person are told by whom, Claude Code goes on, a launch comes back."""
    ada, bo, api, docs = pair(place, check)
    docs.say("something of my own")
    docs.until(lambda: bo.stub.asked("something of my own"), 10, [api])
    there = peer(place, bo, "docs")
    call("POST", f"{place.server.base}/api/my/meshes/{place.mesh['id']}/sessions/{there['session_id']}/kick", {}, ada.token)
    link = lambda: (bo.call("daemon", "status", check=False).get("sessions") or [{}])[0].get("link")
    check("the daemon knows", bool(docs.until(lambda: link() == "kicked", 10, [api])), link())
    docs.say('%tool mcp__claudemesh__peers {}')
    check("its tools say by whom", bool(docs.until(lambda: bo.stub.asked("Put out of planning by Ada"), 10, [api])))
    check("so is its person told", bool(docs.until(docs.draws("Ada put this session out of planning"), 10, [api])), docs.text()[-800:])
    docs.say("and on we go")
    check("Claude Code goes on", bool(docs.until(lambda: bo.stub.asked("and on we go"), 10, [api])))
    docs.say("/exit")
    check("it ends with 0", bool(docs.until(docs.ended, 20, [api])) and docs.status == 0, docs.status)
    place.leave(docs)
    again = place.launched(bo, "docs")
    place.followed(bo, again)
    send(place, ada, "bo/docs", "welcome back")
    check("a launch comes back", bool(again.until(lambda: bo.stub.asked("welcome back"), 20, [api])))


def gone(place, check):
    """Its launcher is killed: the mesh is told within five seconds, and nothing of it stays."""
    ada, bo, api, docs = pair(place, check)
    took = []
    for _ in range(3):
        docs.until(lambda: False, 1.3, [api])
        begin = time.time()
        os.kill(docs.pid, signal.SIGKILL)
        docs.until(lambda: not peer(place, bo, "docs").get("session_id") or not peer(place, bo, "docs").get("live"), 20, [api])
        took.append(time.time() - begin)
        for pid in bo.agents():
            os.kill(pid, signal.SIGKILL)
        place.leave(docs)
        docs = place.launched(bo, "docs")
        place.followed(bo, docs)
    print(f"     gone after {[f'{t:.1f}' for t in took]} s")
    check("within five seconds", max(took) < 5.5, took)
    docs.say("/exit")
    docs.until(docs.ended, 20, [api])
    check("nothing is left", bool(docs.until(lambda: not bo.leftovers(), 5, [api])), bo.leftovers())


def away(place, check):
    """Away: what was sent meanwhile wakes it when it is back, and after long one notice does, once and with ages."""
    ada, bo, api, docs = pair(place, check)

    def leaves(terminal):
        terminal.say("/exit")
        check("it leaves", bool(terminal.until(terminal.ended, 20, [api])), terminal.text()[-400:])
        place.leave(terminal)
    leaves(docs)
    to = send(place, ada, "bo/docs", "while you were away")["recipients"][0]
    check("its sender knows that it is away", to.get("live") is False and bool(to.get("away_since")), to)
    docs = place.launched(bo, "docs")
    check("back, it wakes", bool(docs.until(lambda: bo.stub.asked("| while you were away"), 20, [api])), docs.text()[-500:])
    leaves(docs)
    sent = [send(place, ada, "bo/docs", f"of the night {number}")["id"] for number in range(3)]
    with sqlite3.connect(place.server.database, timeout=10) as rows:
        rows.execute("UPDATE messages SET created_at = created_at - 18000000 WHERE body LIKE 'of the night%'")
    docs = place.launched(bo, "docs")
    if not check("after a night one notice wakes it", bool(docs.until(
            lambda: bo.stub.asked("3 messages wait in planning: ada 3 (5 h old)"), 20, [api])), docs.text()[-500:]):
        return
    docs.until(lambda: False, 5, [api])
    check("once, and without a text", heard(bo).count("3 messages wait") == 1 and "of the night" not in heard(bo), heard(bo)[-900:])
    docs.say("%tool mcp__claudemesh__inbox {}")
    check("inbox gives them", bool(docs.until(lambda: bo.stub.asked("of the night 2"), 20, [api])), docs.text()[-500:])
    docs.say("go on")
    check("then they are seen", bool(docs.until(
        lambda: all("seen" in states(place, ada, one).values() for one in sent), 10, [api])))


ALL = {"clear": clear, "quiet": quiet, "bypass": bypass, "deaf": deaf, "putout": putout, "gone": gone, "away": away}
