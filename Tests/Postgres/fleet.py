"""Three servers of ours over a database of their own in the cluster of Tests/Postgres/run, behind a balancer that knows nothing of
them: for the scripts beside this file."""
import asyncio, json, os, re, signal, socket, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "Benchmarks"))
from database import Database  # noqa: E402
from loopback import await_answer, environment, free_port  # noqa: E402


def check(name, is_right, detail=""):
    print(f"{'ok  ' if is_right else 'FAIL'} {name} {detail}", flush=True)
    check.failures += not is_right


check.failures = 0


def seen(condition, limit=5):
    """Seconds until `condition()` holds."""
    begin = time.perf_counter()
    while not condition() and time.perf_counter() - begin < limit:
        time.sleep(0.001)
    return time.perf_counter() - begin


class Balancer:
    """`plain` takes connections in turn to whoever takes them: bytes, nothing else; no stickiness. `haproxy` and `nginx` are
    these programs as README sets them up, word for word but for addresses and TLS. A process of its own."""

    def __init__(self, kind, ports, folder):
        self.port = free_port()
        words = {"plain": self.plain, "haproxy": self.haproxy, "nginx": self.nginx}[kind](ports, folder)
        with open(os.path.join(folder, "balancer.log"), "w") as log:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        await_port(self.port)

    def plain(self, ports, folder):
        return [sys.executable, os.path.abspath(__file__), str(self.port), *map(str, ports)]

    def haproxy(self, ports, folder):
        text = readme("haproxy").replace(":443 ssl crt /etc/ssl/mesh.example.com.pem", f"127.0.0.1:{self.port}")
        return ["haproxy", "-db", "-f", written(folder, "haproxy.cfg", addressed(text, ports))]

    def nginx(self, ports, folder):
        text = re.sub(r"\n *ssl_.*", "", readme("nginx", "upstream")).replace("443 ssl", f"127.0.0.1:{self.port}")
        # What Debian's own file says around it, but that it runs beside ours and writes nothing elsewhere.
        text = f"""
            daemon off; pid {folder}/nginx.pid; error_log stderr; worker_processes auto;
            events {{ worker_connections 4096; }}
            http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
            fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
            {addressed(text, ports)} }}"""
        # Its workers are others where we are root.
        os.chmod(folder, 0o711)
        return ["nginx", "-e", "stderr", "-c", written(folder, "nginx.conf", text)]

    def end(self):
        self.process.terminate()
        self.process.wait()


def readme(language, word=""):
    """The block of README in that language with that word in it."""
    with open(os.path.join(HERE, "..", "..", "README.md")) as file:
        return next(block for block in re.findall(rf"```{language}\n(.*?)```", file.read(), re.S) if word in block)


def addressed(text, ports):
    """With our three servers in the place of README's."""
    for number, port in enumerate(ports):
        assert f"10.0.0.{number + 1}:7420" in text, text
        text = text.replace(f"10.0.0.{number + 1}:7420", f"127.0.0.1:{port}")
    return text


def written(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def await_port(port, limit=10):
    end = time.perf_counter() + limit
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.perf_counter() > end:
                raise
            time.sleep(0.02)


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
        turn += 1
        # Each of them once, whoever else is served meanwhile.
        for port in ports[turn % len(ports):] + ports[:turn % len(ports)]:
            try:
                there, back = await asyncio.open_connection("127.0.0.1", port)
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
    def __init__(self, binary, balancer="plain"):
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
        self.balancer = Balancer(balancer, [member.port for member in self.members], self.home)
        self.base = f"http://127.0.0.1:{self.balancer.port}"

    def start(self):
        # At once: one of them makes the tables and the key.
        for member in self.members:
            member.start()
        for member in self.members:
            member.is_ready()
        # It may have asked before they were.
        await_answer(self.base + "/health/ready")

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
