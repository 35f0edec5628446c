"""The budgets of messages: many peers that write at once, a disk that flushes slowly, and a server that is killed under it all."""
import asyncio, contextlib, hashlib, json, os, random, secrets, signal, sqlite3, subprocess, tempfile, time, uuid

from loopback import Browser, call, server, sign_in
from measure import memory, processor_seconds, row

class Peer:
    """A launched session as its server knows it: a token of its own, and one connection that stays open."""

    def __init__(self, mesh, number, token):
        self.mesh, self.token, self.id = mesh, secrets.token_hex(32), str(uuid.uuid4())
        self.name = f"peer-{number}"
        call("POST", f"{mesh.url}/sessions", {
            "session_id": self.id, "display_name": self.name, "pid": 1, "host": "bench", "receives": "wake",
            "token_hash": hashlib.sha256(self.token.encode()).hexdigest()}, token)

    async def connect(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.mesh.port, limit=1 << 20)

    async def post(self, body):
        """The status and the answer to one message."""
        text = json.dumps(body).encode()
        self.writer.write(
            f"POST {self.mesh.path}/messages HTTP/1.1\r\nHost: 127.0.0.1:{self.mesh.port}\r\nAuthorization: "
            f"ClaudeMesh-Session {self.token}\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
            .encode() + text)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n", 1)[0])
        return int(head[9:12]), await self.reader.readexactly(length)

    async def events(self, after, wait):
        """One poll, on a connection of its own."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.mesh.port, limit=1 << 22)
        with contextlib.closing(writer):
            query = f"?after={after}&wait={wait}" if after else ""
            writer.write(
                f"GET {self.mesh.path}/events{query} HTTP/1.1\r\nHost: 127.0.0.1:{self.mesh.port}\r\nAuthorization: "
                f"ClaudeMesh-Session {self.token}\r\nConnection: close\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head[9:12] == b"200", head
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n", 1)[0])
            return json.loads(await reader.readexactly(length))

class Mesh:
    """A mesh with peers of one account."""

    def __init__(self, site, count):
        self.port = site.port
        self.browser = Browser(site.base).register()
        self.owner = sign_in(site.base, self.browser)
        self.id = call("POST", site.base + "/api/my/meshes", {"name": "Bench"}, self.owner)["id"]
        self.path = f"/api/my/meshes/{self.id}"
        self.url = site.base + self.path
        self.peers = [Peer(self, number, self.owner) for number in range(count)]

    def load(self, program, writers, each=0, seconds=600, streams=False):
        """What load.c prints: so many of the peers write to the next, one message after another's answer."""
        numbers = [self.port, self.path, writers, each, seconds, int(streams)]
        peers = "".join(f"{peer.id} {peer.token}\n" for peer in self.peers)
        out = subprocess.run([program, *map(str, numbers)], input=peers, stdout=subprocess.PIPE, text=True, check=True).stdout
        return {name: float(value) for name, value in (line.split() for line in out.splitlines())}


@contextlib.contextmanager
def compiled(source, *flags):
    """A program, or a library, of the C that lies beside this script."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), source)
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "compiled")
        subprocess.run(["cc", "-O2", *flags, "-o", target, path, "-ldl"], check=True)
        yield target


def messages(options, peers=100, each=1000):
    """The original's own test: every sender waits for its answer before the next, and every message is to arrive once."""
    with compiled("load.c") as load, server(options.binary) as site:
        mesh = Mesh(site, peers)
        # What signing in took at once, a password's 128 MiB, is nothing of theirs.
        with open(f"/proc/{site.pid}/clear_refs", "w") as most:
            most.write("5")
        used = processor_seconds(site.pid)
        figures = mesh.load(load, peers, each, streams=True)
        used = processor_seconds(site.pid) - used
        total = peers * each
        assert figures["doubled"] == 0, "some came twice"
        row(f"{peers} peers x {each:,} messages, arrived once", [figures["arrived"] / total], unit="%", scale=100, budget="100")
        row("  until the last had arrived", [figures["seconds"]], unit="s", scale=1, budget="< 30", limit=30)
        row("  of it the server's processor", [used], unit="s", scale=1)
        row("  and the load's own", [figures["own"]], unit="s", scale=1)
        row("  an answer, p50", [figures["answer_p50"]], budget="< 20 ms", limit=0.02)
        row("  send to arrival, p99", [figures["arrival_p99"]], budget="< 50 ms", limit=0.05)
        row("  server's memory at most", [memory(site.pid, "VmHWM")], unit="MB", scale=1e-6, budget="< 150", limit=150e6)


def commits(options, senders=100, seconds=4):
    """A disk whose flush takes 5 ms: what waits while a commit is under way shares the next, beside one that writes alone."""
    with compiled("load.c") as load, compiled("slow_disk.c", "-shared", "-fPIC") as library:
        with server(options.binary, variables={"LD_PRELOAD": library, "FLUSH_MS": "5"}) as site:
            mesh = Mesh(site, senders)
            rates = [mesh.load(load, count, seconds=seconds)["answered"] / seconds for count in (1, senders)]
    row(f"messages with a flush of 5 ms, {senders} senders", [rates[1]], [rates[0]], unit="/s", scale=1, budget=">= 20 x one")


def point_reads(options):
    """A row by its key through the store's seam, beside GRDB itself, without and with a transaction of its own."""
    program = os.path.join(os.path.dirname(options.binary), "PointRead")
    with tempfile.TemporaryDirectory() as folder:
        out = subprocess.run(
            [program, os.path.join(folder, "points.sqlite"), str(options.pairs)], capture_output=True, text=True, check=True)
    look_up, queue, read, pool = zip(*([float(word) * 1e-9 for word in line.split()] for line in out.stdout.splitlines()))
    row("a row looked up by its key, beside GRDB", look_up, queue, unit="us", scale=1e6, budget="<= 1.25")
    row("  in a transaction of its own", read, pool, unit="us", scale=1e6, budget="<= 1.25")


class Follower:
    """A reader that goes on from its cursor, over every death of the server."""

    def __init__(self, peer):
        self.peer, self.numbers, self.cursor, self.resets = peer, [], None, 0

    async def run(self, until_all):
        """Reads until `until_all()` says that nothing is missing."""
        while not until_all(self):
            try:
                page = await self.peer.events(self.cursor, wait=1)
            except (ConnectionError, asyncio.IncompleteReadError, OSError):
                await asyncio.sleep(0.01)
                continue
            self.resets += page.get("reset", False)
            self.cursor = page["cursor"]
            self.numbers += [e["message"]["seq"] for e in page["events"] if e["type"] == "message"]


def kills(options, senders=20):
    """`kill -9` of the server under senders with ids of their own, as often as CLAUDEMESH_KILLS says: what was acknowledged is
    there, nothing is there twice, the numbers have no gap, and who reads by a cursor gets each message once and in order."""
    rounds = int(os.environ.get("CLAUDEMESH_KILLS", "20"))
    with server(options.binary) as site:
        mesh = Mesh(site, senders)
        acknowledged, followers = asyncio.run(killed_under_traffic(site, mesh, rounds))
        numbers = rows_of(site.database, mesh.id)
        assert [seq for seq, _ in numbers] == list(range(1, len(numbers) + 1)), "the numbers have a gap"
        bodies = [body for _, body in numbers]
        assert len(set(bodies)) == len(bodies), "something is there twice"
        lost = [key for key, seq in acknowledged.items() if numbers[seq - 1][1] != key]
        assert not lost, f"acknowledged and lost: {lost[:5]}"
        for index, follower in enumerate(followers):
            sent = [seq for seq, body in numbers if body.startswith(f"{(index - 1) % senders}-")]
            missed = sorted(set(sent) - set(follower.numbers))
            assert follower.numbers == sent, f"reader {index} missed {missed[:5]} of {len(sent)}, got {follower.numbers[-9:]}"
            assert follower.resets == 0, "a reader had to begin anew"
        row(f"{rounds} kills, acknowledged and there", [len(acknowledged)], unit="messages", scale=1)
        row(f"  read once and in order by {senders} cursors", [sum(len(f.numbers) for f in followers)], unit="messages", scale=1)
        site.stop()
        verify = [options.binary, "serve", "audit", "verify", "--database", site.database]
        subprocess.run(verify, check=True, stdout=subprocess.DEVNULL)


async def killed_under_traffic(site, mesh, rounds):
    """What was acknowledged, by its text, and those who read meanwhile."""
    acknowledged, senders, is_over, is_written = {}, len(mesh.peers), False, False
    followers = [Follower(peer) for peer in mesh.peers]
    for follower in followers:
        follower.cursor = (await follower.peer.events(None, wait=0))["cursor"]

    async def write(index, peer):
        to, number = mesh.peers[(index + 1) % senders].id, 0
        while True:
            try:
                await peer.connect()
                while True:
                    key = f"{index}-{number}"
                    # What was not answered is sent again, under the same id.
                    status, text = await peer.post({"to": to, "body": key, "client_id": key})
                    assert status in (200, 201), text
                    acknowledged[key] = json.loads(text)["seq"]
                    number += 1
                    if is_over:
                        return
            except (ConnectionError, asyncio.IncompleteReadError, OSError):
                await asyncio.sleep(0.01)

    def has_all(follower):
        to = (followers.index(follower) - 1) % senders
        return is_written and len(follower.numbers) >= sum(key.startswith(f"{to}-") for key in acknowledged)

    writers = [asyncio.create_task(write(index, peer)) for index, peer in enumerate(mesh.peers)]
    readers = [asyncio.create_task(follower.run(has_all)) for follower in followers]
    for _ in range(rounds):
        await asyncio.sleep(random.uniform(0.02, 0.25))
        site.process.send_signal(signal.SIGKILL)
        site.process.wait()
        await asyncio.to_thread(site.start)
    is_over = True
    await asyncio.gather(*writers)
    is_written = True
    await asyncio.wait_for(asyncio.gather(*readers), 60)
    return acknowledged, followers


def rows_of(database, mesh):
    """The number and the text of every message, in order."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as file:
        return file.execute("SELECT seq, body FROM messages WHERE mesh_id = ? ORDER BY seq", [mesh]).fetchall()


ALL = [messages, commits, point_reads, kills]
