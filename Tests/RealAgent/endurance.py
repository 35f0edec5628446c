"""What a mesh of real Claude Codes stands: two that answer each other for ever, kills of everything, sleep, a network that goes
away, and a sign-in that ends in between. Nothing is lost, and nothing comes before a model twice."""
import json, os, random, re, signal, threading, time, urllib.error
from loopback import call, sign_in
from mesh import heard, pair, send, states
from session import Relay


def forever(place, check):
    """Two that answer each other stop at the limit; the person is told, and their next word sets them free."""
    ada, bo, api, docs = pair(place, check)
    url = f"{place.server.base}/api/my/meshes/{place.mesh['id']}/messages"
    said = lambda: [m for m in call("GET", url, token=ada.token)["messages"] if "?forever" in m["body"]]
    api.say('%tool mcp__claudemesh__send {"to":"bo/docs","text":"?forever on and on"}')
    api.until(lambda: max([m["hop"] for m in said()], default=0) == 8, 60, [docs])
    api.until(lambda: False, 4, [docs])
    check("nine messages, and no more", len(said()) == 9 and max(m["hop"] for m in said()) == 8, [m["hop"] for m in said()])
    told = lambda: api.draws("wait for a person")() or docs.draws("wait for a person")()
    check("the person is told", bool(api.until(told, 10, [docs])), api.text()[-600:])
    docs.until(lambda: False, 60, [api])  # of ten a minute between two, nine are used
    docs.say('%tool mcp__claudemesh__send {"to":"ada/api","text":"a fresh start"}')
    check("a person's word sets them free", bool(docs.until(lambda: ada.stub.asked("| a fresh start") or ada.stub.asked(
        "not your user | a fresh start"), 20, [api])), docs.text()[-600:])


forever.limits = "on"


class Traffic(threading.Thread):
    """A person who writes numbered messages without end; the same again where nobody knows whether one was taken."""

    def __init__(self, place, person, to, pause=0.4, word="many"):
        super().__init__(daemon=True)
        self.pause, self.word = pause, word
        self.place, self.person, self.to = place, person, to
        self.taken, self.ends = [], False

    def run(self):
        number = 0
        while not self.ends:
            body = {"to": self.to, "body": f"number {number:04} of {self.word}", "client_id": f"{self.word}-{number}"}
            try:
                url = f"{self.place.server.base}/api/my/meshes/{self.place.mesh['id']}/messages"
                self.taken.append(call("POST", url, body, self.person.token)["id"])
                number += 1
                time.sleep(self.pause)
            except (OSError, urllib.error.URLError):
                time.sleep(0.2)

    def stop(self):
        self.ends = True
        self.join()


def surfaced(person, count, word="many"):
    """How often each number stands before the model now."""
    rows = [r for r in person.stub.rows() if f"of {word}" in json.dumps(r.get("body", {}).get("messages"))]
    text = json.dumps([m for m in rows[-1]["body"]["messages"] if m["role"] != "assistant"]) if rows else ""
    return {n: len(re.findall(rf"\| number {n:04} of {word}", text)) for n in range(count)}


def ever(person, count, word="many"):
    """Numbers that stood before the model at any time: what came last before a kill is in no record of Claude Code's."""
    stub = person.stub
    rows, found = stub.rows(), stub.__dict__.setdefault("numbers", {}).setdefault(word, [0, set()])
    for row, text in zip(rows[found[0]:], stub.texts[found[0]:]):
        if row.get("body", {}).get("tools"):
            found[1].update(int(n) for n in re.findall(rf"\| number (\d{{4}}) of {word}", text))
    found[0] = len(rows)
    return {n for n in found[1] if n < count}


def settled(check, person, traffic, terminal, others=()):
    """All that was taken came before the model, each once."""
    count = len(traffic.taken)
    def whole():
        return len(ever(person, count)) == count
    end = time.time() + 30
    while not whole() and time.time() < end:
        before = len(ever(person, count))
        if not terminal.until(whole, 20, others):
            # What a Claude Code was handed when it died is told of by a notice.
            terminal.say("%tool mcp__claudemesh__inbox {}")
            terminal.until(whole, 5, others)
        if len(ever(person, count)) > before:
            end = time.time() + 30
    found = surfaced(person, count)
    missing = sorted(set(range(count)) - ever(person, count))
    check(f"{count} messages, none lost", not missing, (missing, person.call("daemon", "status", check=False)))
    check("none twice", all(c <= 1 for c in found.values()), [(n, c) for n, c in found.items() if c > 1])


def kills(place, check):
    """kill -9 of daemon, tools, server and Claude Code in turn, under traffic: nothing lost, nothing twice, nothing left."""
    ada, bo = place.person("Ada"), place.person("Bo")
    identifier = "7d01b2aa-0000-4000-8000-000000000001"
    flags = ("--permission-mode", "manual")
    docs = place.launched(bo, "docs", flags=(*flags, "--session-id", identifier))
    place.followed(bo, docs)
    traffic = Traffic(place, ada, "bo/docs", 0.6)
    traffic.start()
    # Before its first turn is over there is no conversation that could be resumed.
    docs.until(lambda: len(ever(bo, 2)) == 2, 30)
    victims = {"daemon": bo.daemons, "tools": lambda: bo.processes(b"mcp"), "server": lambda: [place.server.pid],
               "Claude Code": bo.agents}
    deaths, untidy = dict.fromkeys(victims, 0), []
    for _ in range(place.options.loops):
        for name, find in victims.items():
            docs.until(lambda: False, random.uniform(0.2, 1.2))
            docs.until(find, 10)
            for pid in find()[:1]:
                deaths[name] += 1
                os.kill(pid, signal.SIGKILL)
            if name == "server":
                place.server.process.wait()
                place.server.start()
            if name == "tools":
                # Claude Code never starts them again: its person does, or launches anew.
                docs.until(lambda: False, 0.5)
                for pid in bo.agents():
                    os.kill(pid, signal.SIGKILL)
            if name in ("tools", "Claude Code"):
                docs.until(docs.ended, 20)
                docs.pump(0.2)
                if not docs.is_as_before() or docs.modes_left():
                    untidy.append((name, docs.modes_left()))
                place.leave(docs)
                docs = place.terminal(bo, "--name", "docs", "--role", "", "-y", flags=(*flags, "--resume", identifier))
                if not place.ready(docs):
                    return check("it is resumed", False, docs.text()[-800:])
    docs.until(lambda: False, 3)
    traffic.stop()
    print(f"     killed: {', '.join(f'{name} {count}' for name, count in deaths.items())}")
    settled(check, bo, traffic, docs)
    check("every terminal was as before", not untidy, untidy)
    docs.until(lambda: False, 1)
    docs.say("/exit")
    check("it ends with 0", bool(docs.until(docs.ended)) and docs.status == 0, docs.status)
    # What a killed launch left is swept by the next one.
    check("no process and no directory is left", bool(docs.until(lambda: not bo.leftovers(), 3)), bo.leftovers())
    check("one daemon is there", len(bo.daemons()) == 1, bo.daemons())


def asleep(place, check):
    """The machine sleeps (SIGSTOP) and wakes: what came meanwhile comes, once."""
    ada, bo = place.person("Ada"), place.person("Bo")
    docs = place.launched(bo, "docs")
    place.followed(bo, docs)
    own = lambda: bo.daemons() + bo.processes(b"mcp") + bo.agents() + [docs.pid]
    stopped = own()
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    traffic = Traffic(place, ada, "bo/docs")
    traffic.start()
    time.sleep(8)
    for pid in reversed(stopped):
        os.kill(pid, signal.SIGCONT)
    docs.until(lambda: False, 2)
    traffic.stop()
    settled(check, bo, traffic, docs)


def network(place, check):
    """The network is cut and comes back, the sign-in ends in between: it goes on where it was, or says why not."""
    ada = place.person("Ada")
    relay = Relay(place.server.port)
    bo = place.person("Bo", server=relay.base)
    docs = place.launched(bo, "docs")
    place.followed(bo, docs)
    traffic = Traffic(place, ada, "bo/docs")
    traffic.start()
    docs.until(lambda: False, 2)
    relay.cut()
    docs.until(lambda: False, 5)
    docs.say('%tool mcp__claudemesh__send {"to":"ada","text":"from the dark"}')
    check("what is sent meanwhile waits here", bool(docs.until(lambda: bo.stub.asked("waits here and goes by itself"), 20)))
    relay.mend()
    url = f"{place.server.base}/api/my/meshes/{place.mesh['id']}/messages"
    check("and goes by itself", bool(docs.until(
        lambda: [m for m in call("GET", url, token=ada.token)["messages"] if m["body"] == "from the dark"], 60)))
    traffic.stop()
    settled(check, bo, traffic, docs)
    relay.cut()
    call("DELETE", place.server.base + "/api/my/cli/sessions/current", token=bo.token)
    relay.mend()
    link = lambda: bo.call("daemon", "status", check=False)["sessions"][0]["link"]
    docs.until(lambda: link() == "signed_out", 60)
    docs.say("%tool mcp__claudemesh__send {\"to\":\"ada\",\"text\":\"with no sign-in\"}")
    check("with a sign-in that ended its tools say so", bool(docs.until(lambda: bo.stub.asked("sign-in of this session has ended"), 20)),
          docs.text()[-400:])
    fresh = sign_in(place.server.base, bo.browser)
    bo.call("login", "--with-token", "--server", relay.base, input=fresh + "\n")
    check("with another it goes on", bool(docs.until(lambda: link() == "following", 40)), link())
    send(place, ada, "bo/docs", "welcome back")
    check("and is woken", bool(docs.until(lambda: bo.stub.asked("welcome back"), 20)))
    relay.stop()


def speed(place, check):
    """How long a message is on its way, and how much of that is ours."""
    ada, bo, api, docs = pair(place, check)
    whole = []
    for number in range(5):
        api.say(f'%tool mcp__claudemesh__send {{"to":"bo/docs","text":"run {number}"}}')
        woke = docs.until(lambda: bo.stub.asked(f"run {number}"), 20, [api])
        asked = [r["t"] for r in ada.stub.rows() if f'"text\\":\\"run {number}' in json.dumps(r.get("body", {}).get("messages", ""))]
        if woke and asked:
            whole.append((woke["t"] - asked[0]) * 1000)
        docs.until(lambda: False, 0.5, [api])
    ours = []
    for _ in range(5):
        checks = bo.call("doctor", check=False).get("checks", [])
        found = [re.search(r"after (\d+) ms", c["message"]) for c in checks if c["id"] == "messages"]
        ours += [int(f[1]) for f in found if f]
        docs.until(lambda: False, 0.1, [api])
    whole.sort(), ours.sort()
    print(f"     from the call to the other's turn: {[f'{t:.0f}' for t in whole]} ms; of it ours, to the server and back: {ours} ms")
    check("under 500 ms", bool(whole) and whole[len(whole) // 2] < 500, whole)
    check("ours under 50 ms", bool(ours) and ours[len(ours) // 2] < 50, ours)


ALL = {"forever": forever, "kills": kills, "asleep": asleep, "network": network, "speed": speed}
