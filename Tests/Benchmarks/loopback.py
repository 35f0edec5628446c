"""A server of ours on a free port of this machine, somebody with a browser in front of it, and a machine of theirs that is
signed in: for the scripts that look at the server from outside (Tests/Benchmarks/run, Tests/Outside/run)."""
import contextlib, json, os, re, signal, socket, subprocess, tempfile, time
import urllib.error, urllib.parse, urllib.request

DEVICE = {"device_name": "bench", "device_os": "Linux", "device_arch": "x86_64"}


def environment(home, **more):
    keep = {k: os.environ[k] for k in ("PATH",) if k in os.environ}
    return {**keep, "HOME": home, "TERM": "xterm-256color", "LANG": "C.UTF-8", "DO_NOT_TRACK": "1", **more}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`claudemesh serve` in a home of its own; over a `Database` where one is given."""

    def __init__(self, binary, *flags, limits="off", cpu=None, variables=None, database=None):
        self.variables = variables or {}
        self.home = tempfile.TemporaryDirectory()
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.database = os.path.join(self.home.name, ".claudemesh", "server.sqlite")
        self.storage = ["--database", self.database]
        if database:
            url = os.path.join(self.home.name, "url")
            with open(url, "w") as file:
                file.write(database.url + "\n")
            self.storage = ["--database-url-file", url, "--key-file", os.path.join(self.home.name, "server.key")]
            flags = ["--drain", "0", *flags]
        self.command = [binary, "serve", "--port", str(self.port), "--limits", limits, *self.storage, *flags]
        if cpu is not None:
            self.command = ["taskset", "-c", str(cpu), *self.command]
        self.start()

    def start(self):
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(self.command, env=environment(self.home.name, **self.variables), **quiet)
        await_answer(self.base + "/health/ready")

    @property
    def pid(self):
        return self.process.pid

    def stop(self, with_signal=signal.SIGTERM):
        self.process.send_signal(with_signal)
        return self.process.wait()

    def bytes_on_disk(self):
        return sum(os.path.getsize(self.database + e) for e in ("", "-wal") if os.path.exists(self.database + e))

    def resident(self):
        with open(f"/proc/{self.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1]) * 1024

    def cpu_seconds(self):
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def server(binary, *flags, **more):
    """A `Server` that is stopped at the end."""
    running = Server(binary, *flags, **more)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()
        running.home.cleanup()


def await_answer(url, limit=30.0):
    begin = time.perf_counter()
    while True:
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.read()
        except (urllib.error.URLError, ConnectionError):
            if time.perf_counter() - begin > limit:
                raise
            time.sleep(0.02)


def call(method, url, body=None, token=None, headers=None):
    request = urllib.request.Request(url, method=method, headers=headers or {})
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


class Browser:
    """Just enough of one: cookies and forms."""

    def __init__(self, base):
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def get(self, path):
        with self.opener.open(self.base + path) as answer:
            return answer.read().decode()

    def post(self, path, fields):
        request = urllib.request.Request(self.base + path, data=urllib.parse.urlencode(fields).encode())
        with self.opener.open(request) as answer:
            return answer.read().decode()

    @staticmethod
    def token(page):
        return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def register(self, name="Ana"):
        fields = {"name": name, "email": f"{name.lower()}@example.com", "password": "correct horse battery"}
        self.post("/register", {**fields, "csrf_token": self.token(self.get("/register"))})
        return self

    def decide(self, user_code, decision="approve"):
        """Opens a code's card and presses the button."""
        page = self.get(f"/cli-auth?code={user_code}")
        self.post(f"/api/auth/cli/device-code/{user_code}/{decision}", {"csrf_token": self.token(page)})


def sign_in(base, browser):
    """The session token of a new machine of the browser's account."""
    code = call("POST", base + "/api/auth/cli/device-code", DEVICE)
    browser.decide(code["user_code"])
    return call("GET", f"{base}/api/auth/cli/device-code/{code['device_code']}")["token"]
