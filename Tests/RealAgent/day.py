"""A day of a mesh in small, what it costs to have the daemon there all day, and what `doctor` says of the lanes."""
import os, re, signal, threading, time, urllib.error
from loopback import call, sign_in
from endurance import Traffic, ever, surfaced
from session import Relay


class Watcher(threading.Thread):
    """Who is in the mesh, looked at four times a second; every change is written down."""

    def __init__(self, place, person):
        super().__init__(daemon=True)
        self.url, self.token = f"{place.server.base}/api/my/meshes/{place.mesh['id']}/sessions", person.token
        self.changes, self.ends = [], False

    def run(self):
        before = None
        while not self.ends:
            try:
                now = sorted(p["address"] for p in call("GET", self.url, token=self.token)["peers"])
                if now != before:
                    self.changes.append((round(time.time(), 1), now))
                before = now
            except (OSError, urllib.error.URLError):
                pass
            time.sleep(0.25)

    def stop(self):
        self.ends = True
        self.join()


def day(place, check):
    """Three sessions sleep and wake, lose their network and their sign-in: none comes or goes in between, and all is delivered."""
    ada = place.person("Ada")
    relay = Relay(place.server.port)
    bo = place.person("Bo", server=relay.base)
    sessions = [place.launched(ada, "api"), place.launched(bo, "docs"), place.launched(bo, "web")]
    api, docs, web = sessions

    def until(what, seconds=30):
        return api.until(what, seconds, [docs, web])

    def links():
        rows = (ada.call("daemon", "status", check=False).get("sessions") or []) + (bo.call("daemon", "status", check=False).get("sessions") or [])
        return [row["link"] for row in rows]
    check("three are followed", bool(until(lambda: links() == ["following"] * 3, 20)), links())
    watcher = Watcher(place, ada)
    watcher.start()
    # A word to each every two seconds.
    traffic = [Traffic(place, ada, to, 2, word) for to, word in (("bo/docs", "docs"), ("bo/web", "web"))]
    for one in traffic:
        one.start()
    until(lambda: False, 4)
    stopped = bo.daemons() + bo.processes(b"mcp") + bo.agents() + [docs.pid, web.pid]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    until(lambda: False, 15)
    for pid in reversed(stopped):
        os.kill(pid, signal.SIGCONT)
    until(lambda: False, 4)
    relay.cut()
    until(lambda: False, 12)
    relay.mend()
    until(lambda: links() == ["following"] * 3, 60)
    until(lambda: False, 3)
    check("nobody came or went while they slept and were cut off", len(watcher.changes) == 1, watcher.changes)
    # The sign-in of the machine ends, and another one is made.
    call("DELETE", place.server.base + "/api/my/cli/sessions/current", token=bo.token)
    until(lambda: links().count("signed_out") == 2, 60)
    bo.call("login", "--with-token", "--server", relay.base, input=sign_in(place.server.base, bo.browser) + "\n")
    check("with another sign-in they go on", bool(until(lambda: links() == ["following"] * 3, 60)), links())
    until(lambda: False, 3)
    for one in traffic:
        one.stop()
    for one in traffic:
        count = len(one.taken)
        whole = lambda: len(ever(bo, count, one.word)) == count
        until(whole, 60)
        missing = sorted(set(range(count)) - ever(bo, count, one.word))
        check(f"{count} messages to bo/{one.word}, none lost and nobody had to ask for one", not missing, missing)
        twice = [n for n, often in surfaced(bo, count, one.word).items() if often > 1]
        check("none twice", not twice, twice)
    watcher.stop()
    names = [now for _, now in watcher.changes]
    check("each was there to the end", names[0] == names[-1] == ["ada/api", "bo/docs", "bo/web"], watcher.changes)
    # Gone with their sign-in, once, and once back.
    check("each left at most once", all(sum(a in one and a not in two for one, two in zip(names, names[1:])) <= 1
                                        for a in names[0]), watcher.changes)
    relay.stop()


def used(pid):
    """Processor seconds, and KiB: resident, and its share of them where others have the same pages."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    with open(f"/proc/{pid}/smaps_rollup") as file:
        memory = {m[1]: int(m[2]) for m in re.finditer(r"(\w+):\s+(\d+) kB", file.read())}
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), memory


def idle(place, check):
    """The daemon with three sessions while nothing happens: under 0.1 % of a core, under 40 MiB (of a release build)."""
    ada = place.person("Ada")
    sessions = [place.launched(ada, name) for name in ("api", "docs", "web")]
    sessions[0].until(lambda: False, 10, sessions[1:])
    pid = ada.daemons()[0]
    begin, before = time.time(), used(pid)[0]
    sessions[0].until(lambda: False, 75, sessions[1:])
    after, memory = used(pid)
    share = (after - before) / (time.time() - begin) * 100
    others = [used(p) for p in ada.processes(b"mcp")]
    print(f"     {share:.3f} % of a core over {time.time() - begin:.0f} s; {memory['Rss'] / 1024:.1f} MiB resident, of it "
          f"{memory['Anonymous'] / 1024:.1f} of its own, {memory['Pss'] / 1024:.1f} its share; "
          f"each `mcp` {max(o[1]['Rss'] for o in others) / 1024:.1f} MiB")
    if "release" not in place.options.binary:
        return print("     the goals are those of a release build: --binary PATH")
    check("under 0.1 % of a core", share < 0.1, share)
    check("under 40 MiB", memory["Rss"] < 40 * 1024, memory)


def doctor(place, check):
    """`doctor` names the lane in force; `doctor --lanes` proves it, and says what that costs."""
    ada = place.person("Ada")
    wakes = place.launched(ada, "api")
    place.followed(ada, wakes)
    looks = place.launched(ada, "docs", flags=("--permission-mode", "manual", "--bare"))
    others = [looks]

    def said(*more):
        found = []
        thread = threading.Thread(target=lambda: found.append(ada.call("doctor", *more, check=False)))
        thread.start()
        wakes.until(lambda: not thread.is_alive(), 90, others)
        # By its address, as soon as the server has said it.
        return {c["message"].replace("ada/", ""): c for c in found[0].get("checks", []) if c["id"] == "messages"}
    lanes = lambda: sorted(s["lane"] for s in ada.call("daemon", "status", check=False).get("sessions") or [])
    check("both are carried", bool(wakes.until(lambda: lanes() == ["inbox", "tool"], 30, others)), lanes())
    rows = said()
    check("the lane in force is named", any("api in planning, by Claude Code's inbox; a message to itself was back after" in r
                                            for r in rows), rows)
    check("so is that of a session without hooks", any("docs in planning, when it looks" in r for r in rows), rows)
    check("which cost no turn", not ada.stub.asked("claudemesh doctor --lanes"))
    rows = said("--lanes")
    proved = [r for r in rows if "api in planning, by Claude Code's inbox; came before Claude after" in r]
    check("--lanes proves the inbox and says what it cost", bool(proved) and "cost it a turn" in proved[0], rows)
    print(f"     {'; '.join(rows)}")
    check("by a turn of Claude's", bool(wakes.until(
        lambda: ada.stub.asked("claudemesh doctor --lanes: nothing to do"), 20, others)))
    check("and says what it could not prove", any("when it looks; a message to itself was back after" in r and "next turn" in r
                                                 for r in rows), rows)
    wakes.say("%tool mcp__claudemesh__inbox {}")
    check("nothing of it waits then", bool(wakes.until(lambda: ada.stub.asked("Nothing waits"), 15, others)))


ALL = {"day": day, "idle": idle, "doctor": doctor}
