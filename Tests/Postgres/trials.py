"""What three servers live through under load, and what has to be so afterwards."""
import json, os, secrets, signal, subprocess, threading, time, urllib.error

from fleet import check, seen
from load import Load, percentile
from loopback import call, environment


class Program:
    """The real `inbox --follow`: when it printed which message."""

    def __init__(self, place, server, token):
        self.times, self.count = {}, 0
        self.process = subprocess.Popen(
            [place.binary, "inbox", "--follow", "--json"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=environment(
                os.path.join(place.home, "follower"), CLAUDEMESH_API_URL=server, CLAUDEMESH_TOKEN=token))
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.times[json.loads(line)["id"]] = time.perf_counter()
            self.count += 1

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


class Witness(threading.Thread):
    """Ada writes to Bo by the real `send`, and Bo's real `inbox --follow` listens, both through the balancer."""

    def __init__(self, talk):
        super().__init__(daemon=True)
        self.talk, self.sent, self.failed, self.is_over = talk, {}, [], threading.Event()
        self.program = Program(talk.place, talk.place.base, talk.bo)
        self.start()

    def run(self):
        home = os.path.join(self.talk.place.home, "sender")
        words = [self.talk.place.binary, "send", "bo", "hello", "--mesh", self.talk.mesh, "--json"]
        variables = environment(home, CLAUDEMESH_API_URL=self.talk.place.base, CLAUDEMESH_TOKEN=self.talk.ada)
        while not self.is_over.wait(0.25):
            done = subprocess.run(words, env=variables, capture_output=True, text=True)
            if done.returncode == 0:
                self.sent[json.loads(done.stdout)["id"]] = time.perf_counter()
            else:
                self.failed.append(done.stderr.strip().split("\n")[0])

    def judge(self, limit=2):
        self.is_over.set()
        self.join(30)
        times = self.program.times
        seen(lambda: all(name in times for name in self.sent), 10)
        late = [times[name] - at for name, at in self.sent.items() if name in times]
        check("the program's own `send` is taken each time", not self.failed and len(self.sent) > 2, f"({len(self.sent)}; {self.failed})")
        check("`inbox --follow` prints each once, and soon", self.program.count == len(times) and len(late) == len(self.sent)
              and max(late) < limit, f"({len(late)}, slowest {max(late, default=0):.2f} s)")
        self.program.end()


def judge(name, load, place, before):
    """What has to be so after senders and streams lived through something. `before` is how many were acknowledged then."""
    took = load.end()
    print(f"     {name}: {load.work()}", flush=True)
    stored = {room.id: {} for room in load.rooms}
    count = 0
    for row in place.database.sql("SELECT mesh_id, seq, body FROM messages", inside=True).split("\n"):
        mesh, number, body = row.split("|")
        if mesh in stored:
            stored[mesh][int(number)] = body
            count += 1
    rooms = load.rooms
    lost = sum(stored[r.id].get(number) != str(index) for r in rooms for index, number in r.acknowledged.items())
    doubled = count - sum(len(set(bodies.values())) for bodies in stored.values())
    gaps = sum(set(bodies) != set(range(1, len(bodies) + 1)) for bodies in stored.values())
    missed = sum(l.lost for l in load.listeners) + sum(
        max(0, max(l.room.acknowledged.values(), default=0) - l.last) for l in load.listeners)
    twice = sum(l.doubled for l in load.listeners)
    check(f"{name}: many were acknowledged", load.acknowledged > before + len(rooms), f"({load.acknowledged - before}, answers {dict(load.answers)})")
    check(f"{name}: nothing acknowledged is lost, nothing is there twice, no number is left out",
          lost == doubled == gaps == 0, f"({lost}, {doubled}, {gaps} of {count})")
    faults = [(l.room.id, *fault) for l in load.listeners for fault in l.faults][:5]
    check(f"{name}: {len(load.listeners)} streams were told of each message once and in order", missed == twice == 0,
          f"({faults or ''} {missed} missed, {twice} twice of {sum(l.last for l in load.listeners)}; the last {took:.1f} s after the end)")
    # 502 is the balancer's own.
    check(f"{name}: nothing but 200, 201, 502, 503 and cut connections", set(load.answers) <= {0, 200, 201, 502, 503}, "")
    check(f"{name}: each 503 says when to come back", load.unsaid == 0)


def begin_load(place, token, options):
    meshes = [call("POST", place.base + "/api/my/meshes", {"name": f"Load {n} {secrets.token_hex(3)}"}, token)["id"]
              for n in range(options.senders)]
    load = Load(place.balancer.port, token, meshes, options.streams, options.pause)
    load.start()
    check(f"{options.senders} write and {options.streams} listen", load.open == options.streams, f"({load.open})")
    return load


def goes_on(load, limit=2):
    return max(load.sender_gaps + load.stream_gaps + [0]) < limit, "(%s)" % ", ".join(
        f"{name} p50 {percentile(gaps, 0.5):.2f} p99 {percentile(gaps, 0.99):.2f} slowest {max(gaps, default=0):.2f} s of {len(gaps)}"
        for name, gaps in [("senders", load.sender_gaps), ("streams", load.stream_gaps)])


def kills(place, talk, options):
    load = begin_load(place, talk.ada, options)
    witness = Witness(talk)
    for number in range(options.rounds):
        time.sleep(options.seconds / 2)
        victim = place.members[number % 3]
        victim.stop(signal.SIGKILL)
        time.sleep(options.seconds)
        victim.start()
        victim.is_ready()
    time.sleep(options.seconds / 2)
    witness.judge()
    judge(f"{options.rounds} kills", load, place, 0)
    check("all go on at another server within 2 s", *goes_on(load))


def upgrades(place, talk, options):
    """A newer version has changed a table, as this one was told that it may; then one server after the other is stopped in order
    and started again, under the same load."""
    place.database.sql(
        "ALTER TABLE accounts ADD COLUMN shoe BIGINT", "INSERT INTO migrations VALUES (9001, '9001-shoe.sql', 'x', 0)",
        "INSERT INTO facts VALUES ('readable:9001-shoe.sql', '1')", inside=True)
    load = begin_load(place, talk.ada, options)
    witness, codes = Witness(talk), []
    for member in place.members:
        time.sleep(options.seconds / 2)
        codes.append(member.stop())
        member.start()
        member.is_ready()
    time.sleep(options.seconds / 2)
    check("each ends in order, and starts beside a schema one step ahead", codes == [0, 0, 0], f"({codes})")
    # Who is sent away comes back within two seconds, at random.
    witness.judge(2.5)
    judge("3 upgrades", load, place, 0)
    check("all go on at another server within 3 s", *goes_on(load, 3))


def outages(place, token, options):
    """The database is stopped under the same load, and started again."""
    load = begin_load(place, token, options)
    before, waits = load.acknowledged, []
    for _ in range(2):
        time.sleep(options.seconds / 2)
        place.database.control("stop")
        time.sleep(options.seconds)
        for member in place.members:
            try:
                call("GET", member.base + "/health/ready")
                check("a server without its database is not ready", False)
            except urllib.error.HTTPError as error:
                known = error.code == 503 and error.headers.get("Retry-After")
                check("a server without its database is not ready", bool(known), f"(503, Retry-After {known})")
        place.database.control("start")
        was = load.acknowledged
        waits.append(seen(lambda: load.acknowledged > was, 30))
    time.sleep(options.seconds)
    judge("2 outages of the database", load, place, before)
    check("messages are taken again soon", max(waits) < 5, f"(after {max(waits):.2f} s)")
