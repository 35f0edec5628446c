"""The budgets of messages: many peers that write at once, a disk that flushes slowly, and a server that is killed under it all."""
import asyncio, contextlib, hashlib, json, os, random, secrets, signal, sqlite3, subprocess, tempfile, time, uuid

from loopback import Browser, call, server, sign_in
from measure import memory, processor_seconds, row

# Delays every flush of a file by $FLUSH_MS, as a slow disk does.
SLOW_DISK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>
static void wait_for_disk(void) { const char *ms = getenv("FLUSH_MS"); if (ms) usleep(1000 * atoi(ms)); }
int fsync(int fd) { static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fsync"); wait_for_disk(); return real(fd); }
int fdatasync(int fd) { static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fdatasync"); wait_for_disk(); return real(fd); }
"""


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

    async def listen(self, arrived):
        """Its stream of events, until it is cancelled: `arrived(text)` for each message."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.mesh.port, limit=1 << 22)
        writer.write(
            f"GET {self.mesh.path}/events HTTP/1.1\r\nHost: 127.0.0.1:{self.mesh.port}\r\nAccept: text/event-stream\r\n"
            f"Authorization: ClaudeMesh-Session {self.token}\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        with contextlib.closing(writer):
            while line := await reader.readline():
                if line.startswith(b"data: ") and b'"type":"message"' in line:
                    arrived(line)


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


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def everybody_writes(mesh, each):
    """Each peer writes `each` messages to its neighbour, one after another's answer. Answers' and arrivals' seconds, and how
    often each message came."""
    answers, arrivals, seen = [], [], {}

    def arrived(line):
        now = time.perf_counter()
        body = json.loads(line[6:])["message"]["body"]
        key, begun = body.rsplit(" ", 1)
        seen[key] = seen.get(key, 0) + 1
        arrivals.append(now - float(begun))

    listeners = [asyncio.create_task(peer.listen(arrived)) for peer in mesh.peers]
    await asyncio.sleep(1)

    async def write(index, peer):
        await peer.connect()
        to = mesh.peers[(index + 1) % len(mesh.peers)].id
        for number in range(each):
            begin = time.perf_counter()
            status, text = await peer.post({"to": to, "body": f"{index}/{number} {begin}", "client_id": f"n{number}"})
            answers.append(time.perf_counter() - begin)
            assert status == 201, text

    begin = time.perf_counter()
    await asyncio.gather(*(write(index, peer) for index, peer in enumerate(mesh.peers)))
    while len(seen) < each * len(mesh.peers) and time.perf_counter() - begin < 600:
        await asyncio.sleep(0.01)
    seconds = time.perf_counter() - begin
    for listener in listeners:
        listener.cancel()
    return seconds, answers, arrivals, seen


def messages(options, peers=100, each=1000):
    """The original's own test: every sender waits for its answer before the next, and every message is to arrive once."""
    with server(options.binary) as site:
        mesh = Mesh(site, peers)
        used = processor_seconds(site.pid)
        seconds, answers, arrivals, seen = asyncio.run(everybody_writes(mesh, each))
        used = processor_seconds(site.pid) - used
        total = peers * each
        assert all(count == 1 for count in seen.values()), "some came twice"
        row(f"{peers} peers x {each:,} messages, arrived once", [len(seen) / total], unit="%", scale=100, budget="100")
        row("  until the last had arrived", [seconds], unit="s", scale=1, budget="< 30", limit=30)
        row("  of it the server's processor", [used], unit="s", scale=1)
        row("  an answer, p50", [percentile(answers, 0.5)], budget="< 20 ms", limit=0.02)
        row("  send to arrival, p99", [percentile(arrivals, 0.99)], budget="< 50 ms", limit=0.05)
        row("  server's memory at most", [memory(site.pid, "VmHWM")], unit="MB", scale=1e-6, budget="< 150", limit=150e6)


def commits(options, senders=100, seconds=4):
    """A disk whose flush takes 5 ms: what waits while a commit is under way shares the next, beside one that waits alone."""
    with tempfile.TemporaryDirectory() as folder:
        library = os.path.join(folder, "slow.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-O", "-o", library, "-x", "c", "-", "-ldl"], input=SLOW_DISK.encode(), check=True)
        with server(options.binary, variables={"LD_PRELOAD": library, "FLUSH_MS": "5"}) as site:
            mesh = Mesh(site, senders)
            rates = [asyncio.run(rate(mesh.peers[:count], mesh, seconds)) for count in (1, senders)]
    row(f"messages with a flush of 5 ms, {senders} senders", [rates[1]], [rates[0]], unit="/s", scale=1, budget=">= 20 x one")


async def rate(peers, mesh, seconds):
    """Messages a second that are answered."""
    end, count = time.perf_counter() + seconds, 0

    async def write(peer):
        nonlocal count
        await peer.connect()
        while time.perf_counter() < end:
            to = mesh.peers[0 if peer is mesh.peers[-1] else -1].id
            status, text = await peer.post({"to": to, "body": "x", "client_id": secrets.token_hex(8)})
            assert status == 201, text
            count += 1

    await asyncio.gather(*(write(peer) for peer in peers))
    return count / seconds


def kills(options, senders=20):
    """`kill -9` of the server under senders with ids of their own, as often as CLAUDEMESH_KILLS says: what was acknowledged is
    there, nothing is there twice, and the numbers have no gap."""
    rounds = int(os.environ.get("CLAUDEMESH_KILLS", "20"))
    acknowledged, state = {}, {"sent": 0}
    with server(options.binary) as site:
        mesh = Mesh(site, senders)

        async def write(peer, index, until):
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, OSError):
                await peer.connect()
                to = mesh.peers[(index + 1) % senders].id
                while time.perf_counter() < until:
                    key = f"{index}-{peer.next}"
                    # What was not answered is sent again, under the same id.
                    status, text = await peer.post({"to": to, "body": key, "client_id": key})
                    assert status in (200, 201), text
                    acknowledged[key] = json.loads(text)["seq"]
                    peer.next += 1

        async def traffic(kill_after):
            until = time.perf_counter() + kill_after + 5
            tasks = [asyncio.create_task(write(peer, index, until)) for index, peer in enumerate(mesh.peers)]
            await asyncio.sleep(kill_after)
            site.process.send_signal(signal.SIGKILL)
            await asyncio.gather(*tasks)

        for peer in mesh.peers:
            peer.next = 0
        for _ in range(rounds):
            asyncio.run(traffic(random.uniform(0.02, 0.25)))
            site.process.wait()
            site.start()
        numbers = rows_of(site.database, mesh.id)
        assert [seq for seq, _ in numbers] == list(range(1, len(numbers) + 1)), "the numbers have a gap"
        bodies = [body for _, body in numbers]
        assert len(set(bodies)) == len(bodies), "something is there twice"
        lost = [key for key, seq in acknowledged.items() if numbers[seq - 1][1] != key]
        assert not lost, f"acknowledged and lost: {lost[:5]}"
        row(f"{rounds} kills, acknowledged and there", [len(acknowledged)], unit="messages", scale=1)


def rows_of(database, mesh):
    """The number and the text of every message, in order."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as file:
        return file.execute("SELECT seq, body FROM messages WHERE mesh_id = ? ORDER BY seq", [mesh]).fetchall()


ALL = [messages, commits, kills]
