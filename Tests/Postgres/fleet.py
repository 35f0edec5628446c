"""Three servers of ours over a database of their own in the cluster of Tests/Postgres/run, behind a balancer that knows nothing of
them: for the scripts beside this file."""
import asyncio, json, os, signal, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "Benchmarks"))
from database import Database  # noqa: E402
from loopback import await_answer, environment, free_port  # noqa: E402


def check(name, is_right, detail=""):
    print(f"{'ok  ' if is_right else 'FAIL'} {name} {detail}", flush=True)
    check.failures += not is_right


check.failures = 0


class Balancer:
    """Takes connections in turn to whoever takes them: bytes, nothing else; no stickiness. A process of its own."""

    def __init__(self, ports):
        self.port = free_port()
        self.process = subprocess.Popen([sys.executable, os.path.abspath(__file__), str(self.port), *map(str, ports)])

    def end(self):
        self.process.kill()
        self.process.wait()


async def balance(port, ports):
    turn = 0

    async def pump(source, target):
        try:
            while data := await source.read(1 << 16):
                target.write(data)
                await target.drain()
        except OSError:
            pass
        target.close()

    async def serve(reader, writer):
        nonlocal turn
        for _ in ports:
            turn += 1
            try:
                there, back = await asyncio.open_connection("127.0.0.1", ports[turn % len(ports)])
            except OSError:
                continue
            await asyncio.gather(pump(reader, back), pump(there, writer))
            return
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


class Member:
    """One server."""

    def __init__(self, place, name):
        self.place, self.name, self.port = place, name, free_port()
        self.base = f"http://127.0.0.1:{self.port}"

    def start(self):
        place = self.place
        self.log = open(os.path.join(place.home, f"{self.name}.log"), "a")
        self.process = subprocess.Popen(
            [place.binary, "serve", "--port", str(self.port), "--limits", "off", "--database-url-file", place.url_file,
             "--key-file", place.key_file, "--public-url", place.base, "--drain", "1"],
            env=environment(place.home), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def is_ready(self, limit=60):
        await_answer(self.base + "/health/ready", limit)

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait()


class Place:
    def __init__(self, binary):
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.TemporaryDirectory(prefix="claudemesh-three.")
        self.home = self.folder.name
        self.database = Database(f"three_{os.getpid()}")
        self.url_file = os.path.join(self.home, "url")
        # Its folder is made with it.
        self.key_file = os.path.join(self.home, "keys", "server.key")
        with open(self.url_file, "w") as file:
            file.write(self.database.url + "\n")
        self.members = [Member(self, name) for name in "abc"]
        self.balancer = Balancer([member.port for member in self.members])
        self.base = f"http://127.0.0.1:{self.balancer.port}"

    def start(self):
        # At once: one of them makes the tables and the key.
        for member in self.members:
            member.start()
        for member in self.members:
            member.is_ready()

    def command(self, *words):
        return subprocess.run([self.binary, "serve", *words, "--database-url-file", self.url_file], env=environment(self.home),
                              capture_output=True, text=True)

    def status(self):
        return json.loads(self.command("status", "--json").stdout)["servers"]

    def end(self):
        for member in self.members:
            if member.process.poll() is None:
                member.stop()
        self.balancer.end()
        self.folder.cleanup()


if __name__ == "__main__":
    try:
        asyncio.run(balance(int(sys.argv[1]), [int(port) for port in sys.argv[2:]]))
    except KeyboardInterrupt:
        pass
