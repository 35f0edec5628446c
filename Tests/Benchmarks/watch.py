"""The budgets of the mesh on one screen: reducer and frame with 10,000 messages and 200 peers, the first frame, how soon a
message stands there, and a page of history."""
import asyncio, contextlib, json, os, signal, subprocess, tempfile, time

from loopback import call, environment, server
from measure import Terminal, processor_seconds, row
from mesh import Mesh
from wizard import MENU, paint


def keys(options):
    program = os.path.join(os.path.dirname(options.binary), "WatchKeys")
    figures = {}
    for line in subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines():
        name, seconds = line.split()
        figures.setdefault(name, []).append(float(seconds))
    assert figures, "nothing was measured"
    for name, values in figures.items():
        row(f"watch, 10,000 messages: {name}", values, budget="< 1 ms", limit=0.001)


@contextlib.contextmanager
def full_mesh(options, peers=200, messages=10_000):
    """A mesh with that many peers and messages in `#general`, and a home that is signed in to it."""
    with tempfile.TemporaryDirectory() as home, server(options.binary) as site:
        mesh = Mesh(site, peers)
        asyncio.run(fill(mesh, messages))
        user = call("GET", site.base + "/api/my/whoami", token=mesh.owner)["user"]
        os.mkdir(os.path.join(home, ".claudemesh"), 0o700)
        record = {"version": 1, "token": mesh.owner, "user": user, "created_at": "2026-01-01T00:00:00Z", "source": "device-code",
                  "server": site.base}
        with open(os.open(os.path.join(home, ".claudemesh", "auth.json"), os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            json.dump(record, file)
        yield site, mesh, environment(home, CLAUDEMESH_API_URL=site.base)


async def fill(mesh, count, writers=20):
    async def write(peer, numbers):
        await peer.connect()
        for number in numbers:
            status, text = await peer.post({"to": "#general", "body": f"message {number}", "client_id": f"fill-{number}"})
            assert status == 201, text

    await asyncio.gather(*(write(mesh.peers[first], range(first, count, writers)) for first in range(writers)))


def shown(options):
    with full_mesh(options) as (site, mesh, env):
        command = [options.binary, "watch", "bench"]
        ours, reference, filled = [], [], []
        for _ in range(options.pairs + 1):
            # The first frame waits for no server: this one answers nothing meanwhile, or what it says would be counted too.
            site.process.send_signal(signal.SIGSTOP)
            ours.append(paint(command, env["HOME"], rb"Enter", env))
            site.process.send_signal(signal.SIGCONT)
            reference.append(paint(MENU, env["HOME"], rb"Cancel"))
            filled.append(paint(command, env["HOME"], rb"message 9", env))
        for name, a, b in zip(("", ", processor's time"), zip(*ours[1:]), zip(*reference[1:])):
            row(f"watch, first frame beside dialog --menu{name}", a, b, budget="<= 2")
        for name, values in zip(("", ", processor's time"), zip(*filled[1:])):
            row(f"watch, until all of it stands there{name}", values)
        pages = []
        for _ in range(options.pairs):
            begin = time.perf_counter()
            page = call("GET", f"{mesh.url}/messages?topic=general&limit=100", token=mesh.owner)
            pages.append(time.perf_counter() - begin)
            assert len(page["items" if "items" in page else "messages"]) == 100, page.keys()
        row("a page of 100 of 10,000 messages", pages, budget="< 50 ms", limit=0.05)
        arrivals(options, mesh, command, env)


def arrivals(options, mesh, command, env, count=60):
    """From a message's sending, which its commit is within, to the last of its bytes on the terminal."""
    terminal = Terminal(command, env)
    terminal.until(rb"message 9", limit=60)
    terminal.settle(1.0)
    asyncio.run(send_and_look(mesh.peers[3], terminal, count))
    used, size = processor_seconds(terminal.pid), len(terminal.seen)
    asyncio.run(send_and_look(mesh.peers[4], terminal, count))
    row("  bytes a message", [(len(terminal.seen) - size) / count], unit="B", scale=1)
    row("  processor's time a message", [(processor_seconds(terminal.pid) - used) / count])
    terminal.close()


async def send_and_look(peer, terminal, count):
    await peer.connect()
    seconds = []
    for number in range(count):
        # Of letters and of digits by turns: of what is the same as in the row before nothing is written.
        word = f"{number + 1000:012d}".translate(LETTERS if number % 2 else {})
        begin = time.perf_counter()
        status, text = await peer.post({"to": "#general", "body": word, "client_id": f"{peer.name} {number}".replace(" ", "-")})
        assert status == 201, text
        terminal.until(word.encode())
        seconds.append(time.perf_counter() - begin)
        await asyncio.sleep(0.1)
    row("send to screen", seconds, budget="< 100 ms", limit=0.1)


LETTERS = str.maketrans("0123456789", "abcdefghij")
ALL = [keys, shown]
