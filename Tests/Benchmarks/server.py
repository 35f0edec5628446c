"""The budgets of the server. Where a figure is of one core, the server has core 0 alone, and who asks it has core 1."""
import asyncio, contextlib, hashlib, json, multiprocessing, os, random, re, resource, subprocess, sys, tempfile, threading, time
import urllib.error, urllib.request

from loopback import DEVICE, Browser, await_answer, call, environment, free_port, server, sign_in
from measure import login, processor_seconds, row


def new_code(site):
    return call("POST", site.base + "/api/auth/cli/device-code", DEVICE)


def gauge(site, name):
    return int(re.search(rf"^{name} (\d+)", await_answer(site.base + "/metrics").decode(), re.MULTILINE)[1])


def wrk(url, headers=(), pid=None, seconds=2, connections=32):
    """Requests a second, all of them answered with 200. With `pid`, also how many a second of its processor's time: on a
    machine where others work too, the truer figure."""
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", url]
    for header in headers:
        command[-1:-1] = ["-H", header]
    used = processor_seconds(pid) if pid else 0
    text = subprocess.run(command, capture_output=True, text=True).stdout
    assert "Non-2xx" not in text and "Socket errors" not in text, text
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    return (rate, int(re.search(r"(\d+) requests in", text)[1]) / (processor_seconds(pid) - used)) if pid else rate


@contextlib.contextmanager
def references(options):
    """The same framework with next to nothing behind it: the address of `/empty` and of `/read`."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(os.path.dirname(options.binary), "EmptyRoute")
        command = ["taskset", "-c", "0", program, str(port), os.path.join(folder, "one.sqlite")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            await_answer(f"http://127.0.0.1:{port}/read")
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()
            process.wait()


def polls(options):
    """With few, some and many connections: how many answers the kernel hands over at once decides much of both figures."""
    with references(options) as (beside, pid), server(options.binary, cpu=0) as site:
        url = f"{site.base}/api/auth/cli/device-code/{new_code(site)['device_code']}"
        for connections in (8, 32, 512):
            ours, reference = [], []
            for _ in range(options.pairs):
                ours.append(wrk(url, pid=site.pid, connections=connections))
                reference.append(wrk(f"{beside}/empty", pid=pid, connections=connections))
            for name, a, b in zip(("one core", "processor's time"), zip(*ours), zip(*reference)):
                row(f"polls beside an empty route, {connections} connections, {name}", a, b, unit="/s", scale=1, budget=">= 0.45")


def token_checks(options):
    """`whoami` with an access token, beside a bare read of that token's row by its digest, and beside a route of the same
    framework that reads one row by its key; each on the same core."""
    script = """
import os, sqlite3, sys, time
os.sched_setaffinity(0, {0})
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
end, count = time.perf_counter() + 2, 0
while time.perf_counter() < end:
    assert database.execute("SELECT * FROM credentials WHERE digest = ?", [sys.argv[2]]).fetchone()
    count += 1
print(count / 2)
"""
    with references(options) as (beside, pid), server(options.binary, cpu=0) as site:
        session = sign_in(site.base, Browser(site.base).register())
        token = call("POST", site.base + "/api/my/cli/tokens", {"name": "bench"}, token=session)["token"]
        read = [sys.executable, "-c", script, site.database, hashlib.sha256(token.encode()).hexdigest()]
        ours, bare, route = [], [], []
        for _ in range(options.pairs):
            ours.append(wrk(site.base + "/api/my/whoami", [f"Authorization: Bearer {token}"], site.pid))
            bare.append(float(subprocess.run(read, capture_output=True, text=True, check=True).stdout))
            route.append(wrk(f"{beside}/read", pid=pid))
        row("token checks beside a bare SQLite point read", [rate for rate, _ in ours], bare, unit="/s", scale=1)
        for name, a, b in zip(("one core", "processor's time"), zip(*ours), zip(*route)):
            row(f"  beside a route that reads a row, {name}", a, b, unit="/s", scale=1)


def approvals(options):
    """From the press of Approve until `login`, which waits for it, has the token on disk."""
    times = []
    with server(options.binary) as site:
        browser = Browser(site.base).register()
        for _ in range(options.pairs):
            with tempfile.TemporaryDirectory() as home:
                process, code = login(options, site.base, home)
                page = browser.get(f"/cli-auth?code={code}")  # answers the poll that is held; the next one follows
                time.sleep(1.2)
                while gauge(site, "claudemesh_held_polls") != 1:
                    time.sleep(0.01)
                begin = time.perf_counter()
                browser.post(f"/api/auth/cli/device-code/{code}/approve", {"csrf_token": browser.token(page)})
                while not os.path.exists(os.path.join(home, ".claudemesh", "auth.json")):
                    assert time.perf_counter() - begin < 20, "no token came"
                    time.sleep(0.0002)
                times.append(time.perf_counter() - begin)
                process.communicate()
    row("Approve to the token on disk", times, budget="< 100 ms", limit=0.1)


def live_codes(options, count=10_000):
    with server(options.binary) as site:
        for _ in range(200):
            new_code(site)
        before, size = site.resident(), site.bytes_on_disk()
        for _ in range(count):
            new_code(site)
        cost = [(site.resident() - before) / count]
        row("a live code in memory", cost, unit="B", scale=1, budget="< 1024", limit=1024)
        row("a live code on disk", [(site.bytes_on_disk() - size) / count], unit="B", scale=1)


def held_polls(options, count=10_000, seconds=5):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)

    async def hold(site, codes):
        before, begin = site.resident(), time.perf_counter()
        writers = []
        for code in codes:
            _, writer = await asyncio.open_connection("127.0.0.1", site.port)
            writer.write(poll_bytes(site, code + "?wait=25"))
            writers.append(writer)
        while gauge(site, "claudemesh_held_polls") < count:
            assert time.perf_counter() - begin < 20, "they do not wait all at once"
            await asyncio.sleep(0.1)
        cost = [(site.resident() - before) / count]
        used = processor_seconds(site.pid)
        await asyncio.sleep(seconds)
        share = (processor_seconds(site.pid) - used) / seconds
        assert gauge(site, "claudemesh_held_polls") == count, "some do not wait any more"
        for writer in writers:
            writer.close()
        row(f"a held poll of {count:,}", cost, unit="KiB", scale=1 / 1024, budget="< 40", limit=40 * 1024)
        row("all of them waiting, share of a core", [share], unit="%", scale=100, budget="0")

    with server(options.binary) as site:
        asyncio.run(hold(site, [new_code(site)["device_code"] for _ in range(count)]))


def streams(options, count=10_000, seconds=20):
    """Streams of events, held with nothing happening: each second all of them are looked at, each 15 s each says that it is there."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)

    async def hold(site, token, mesh):
        before, begin = site.resident(), time.perf_counter()
        ask = (f"GET /api/my/meshes/{mesh}/events HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nAccept: text/event-stream\r\n"
               f"Authorization: Bearer {token}\r\n\r\n").encode()
        open_ones = []
        for _ in range(count):
            reader, writer = await asyncio.open_connection("127.0.0.1", site.port, limit=4096)
            writer.write(ask)
            open_ones.append((reader, writer))
        while gauge(site, "claudemesh_event_readers") < count:
            assert time.perf_counter() - begin < 60, "they do not listen all at once"
            await asyncio.sleep(0.1)
        cost = [(site.resident() - before) / count]
        used = processor_seconds(site.pid)
        await asyncio.sleep(seconds)
        share = (processor_seconds(site.pid) - used) / seconds
        assert gauge(site, "claudemesh_event_readers") == count, "some do not listen any more"
        for _, writer in open_ones:
            writer.close()
        row(f"a stream of {count:,}", cost, unit="KiB", scale=1 / 1024, budget="< 40", limit=40 * 1024)
        row("all of them listening, share of a core", [share], unit="%", scale=100, budget="< 1", limit=0.01)

    with server(options.binary) as site:
        browser = Browser(site.base)
        browser.register()
        token = sign_in(site.base, browser)
        mesh = call("POST", site.base + "/api/my/meshes", {"name": "Many"}, token)["id"]
        asyncio.run(hold(site, token, mesh))


# Others' latency: many devices, each at an address of its own (all of 127.0.0.0/8 is this machine), poll at their pace.

def poll_bytes(site, code):
    return f"GET /api/auth/cli/device-code/{code} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n\r\n".encode()


async def exchange(reader, writer, request):
    """The status of one exchange on a connection that stays open."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(int(re.search(rb"(?i)content-length: (\d+)", head)[1]))
    return int(head.split(b" ", 2)[1])


async def device(site, address, seconds, times):
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port, local_addr=(address, 0))
    body = json.dumps(DEVICE).encode()
    writer.write(f"POST /api/auth/cli/device-code HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n"
                 f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    head = await reader.readuntil(b"\r\n\r\n")
    text = await reader.readexactly(int(re.search(rb"(?i)content-length: (\d+)", head)[1]))
    request = poll_bytes(site, json.loads(text)["device_code"])
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        await asyncio.sleep(random.uniform(1.05, 1.25))
        begin = time.perf_counter()
        status = await exchange(reader, writer, request)
        times.append(time.perf_counter() - begin)
        assert status == 200, f"a quiet device got {status}"
    writer.close()


def others_p99(site, number, devices=150, seconds=6):
    """The 99th percentile of what devices at addresses of their own wait for an answer."""
    async def run():
        times = []
        await asyncio.gather(*(
            device(site, f"127.{1 + number % 200}.{1 + n // 200}.{1 + n % 200}", seconds, times) for n in range(devices)))
        return sorted(times)[int(len(times) * 0.99)]
    return asyncio.run(run())


@contextlib.contextmanager
def beside(target, *arguments):
    """Another process of this script that makes trouble until the block ends."""
    process = multiprocessing.get_context("fork").Process(target=target, args=arguments, daemon=True)
    process.start()
    time.sleep(0.5)
    try:
        yield
        assert process.is_alive(), "the trouble ended by itself"
    finally:
        process.kill()
        process.join()


def noise(site, rate):
    """One address that asks for new codes `rate` times a second, of which five a minute are its due."""
    async def run():
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port, local_addr=("127.255.0.9", 0))
        body = json.dumps(DEVICE).encode()
        request = (f"POST /api/auth/cli/device-code HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n"
                   f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body
        refused, begin = 0, time.perf_counter()
        for number in range(1, 1 << 30):
            refused += await exchange(reader, writer, request) == 429
            assert refused >= number - 10, "the limit did not hold"
            await asyncio.sleep(max(0, begin + number / rate - time.perf_counter()))
    asyncio.run(run())


def noisy_neighbour(options, rate=500):
    ours, reference = [], []
    with server(options.binary, limits="on") as site:
        for number in range(max(3, options.pairs // 3)):
            reference.append(others_p99(site, 2 * number))
            with beside(noise, site, rate):
                ours.append(others_p99(site, 2 * number + 1))
    row(f"others' p99 beside one address at {rate}/s", ours, reference, budget="<= 1.1")


def hash_for_ever(base):
    """Twelve sign-ins at once with a wrong password, over and over: more than the queue takes. Who is told to wait waits:
    a flood of requests would fill both cores whatever it asked for, and hide what the hashes cost."""
    def sign_in_wrongly():
        browser = Browser(base)
        token = browser.token(browser.get("/login"))
        while True:
            try:
                browser.post("/login", {"email": "ana@example.com", "password": "wrong", "csrf_token": token})
            except urllib.error.HTTPError as error:  # 422, or 503 where the queue is full
                time.sleep(float(error.headers.get("Retry-After", 0)))
    threads = [threading.Thread(target=sign_in_wrongly) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def hash_elsewhere():
    """The same work in a process that is not the server: what a core that is busy costs by itself."""
    os.nice(10)
    while True:
        hashlib.scrypt(b"password", salt=b"salt" * 4, n=1 << 17, r=8, p=1, maxmem=300 << 20)


def come_to_rest(site):
    """Sign-ins whose clients are gone are still hashed: the next figure waits for the last of them."""
    used = -1.0
    while (now := processor_seconds(site.pid)) - used > 0.03:
        used = now
        time.sleep(0.5)


def hashing(options):
    """One core of two hashes all the time: the other is enough for polls."""
    ours, idle, elsewhere = [], [], []
    with server(options.binary) as site:
        Browser(site.base).register()
        for number in range(max(3, options.pairs // 3)):
            idle.append(others_p99(site, 3 * number))
            with beside(hash_elsewhere):
                elsewhere.append(others_p99(site, 3 * number + 1))
            with beside(hash_for_ever, site.base):
                ours.append(others_p99(site, 3 * number + 2))
            come_to_rest(site)
        statuses = urllib.request.urlopen(site.base + "/metrics").read().decode()
        assert re.search(r'route="/login",status="503"', statuses), "the hashes were never at saturation"
    row("polls' p99 while passwords hash at saturation", ours, idle)
    row("  beside the same work in another process", ours, elsewhere)


ALL = [polls, token_checks, approvals, live_codes, held_polls, streams, noisy_neighbour, hashing]
