"""Many who write and many who listen, through the balancer, while something happens to the servers or to their database."""
import asyncio, collections, json, os, random, re, threading, time

NUMBER = re.compile(rb'"seq":(\d+)')


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


class Room:
    """A mesh: one who writes, some who listen. Its messages are numbered from 1 without gaps."""

    def __init__(self, mesh):
        self.id, self.path = mesh, f"/api/my/meshes/{mesh}"
        # By the sender's own number of it.
        self.acknowledged = {}


class Listener:
    """One stream: the number of the last message it was told of, and how often that was not the next one."""

    def __init__(self, room):
        self.room, self.cursor, self.last = room, None, 0
        # Seconds after which it comes back, as the server said.
        self.pause = 1.0
        self.lost = self.doubled = self.resets = 0
        # What was not as it should be: after which number and place which one came.
        self.faults = []

    def heard(self, number):
        if number != self.last + 1:
            self.faults.append((self.last, self.cursor, number, self.resets))
        if number <= self.last:
            self.doubled += 1
        else:
            self.lost += number - self.last - 1
        self.last = max(self.last, number)


def machine():
    """Seconds that this machine's processors worked, and that they were there."""
    with open("/proc/stat") as file:
        times = [int(word) / os.sysconf("SC_CLK_TCK") for word in file.readline().split()[1:9]]
    return sum(times) - times[3] - times[4], sum(times)


class Load:
    def __init__(self, port, token, meshes, streams, pause):
        """`streams` listeners in all; each sender waits for its answer, and then about `pause` seconds."""
        self.port, self.token, self.pause = port, token, pause
        self.rooms = [Room(mesh) for mesh in meshes]
        self.listeners = [Listener(self.rooms[n % len(self.rooms)]) for n in range(streams)]
        self.answers, self.open = collections.Counter(), 0
        # How long until somebody was served again.
        self.sender_gaps, self.stream_gaps = [], []
        self.unsaid = 0
        self.is_sending = self.is_running = True
        # Senders that may still be given an answer.
        self.writing = 0
        # Where a machine has no more to give, everything waits, whoever was killed.
        self.began = (time.process_time(), *machine())
        self.thread = threading.Thread(target=lambda: asyncio.run(self.run()), daemon=True)
        self.loop = None

    @property
    def acknowledged(self):
        return sum(len(room.acknowledged) for room in self.rooms)

    def start(self):
        """Returns once all listen and all write."""
        self.thread.start()
        begin = time.perf_counter()
        while (self.open < len(self.listeners) or self.acknowledged < len(self.rooms)) and time.perf_counter() - begin < 120:
            time.sleep(0.05)

    def end(self, limit=60):
        """Lets the senders end and the listeners hear all; seconds that took."""
        self.is_sending = False
        begin = time.perf_counter()
        while (self.writing > 0 or self.is_behind()) and time.perf_counter() - begin < limit:
            time.sleep(0.05)
        self.is_running = False
        self.thread.join(30)
        return time.perf_counter() - begin

    def work(self):
        own, busy, there = (now - then for now, then in zip((time.process_time(), *machine()), self.began))
        return f"the machine worked {busy / there:.0%} of its time, for this load's own part {own / there:.0%}"

    def is_behind(self):
        return any(l.last < max(l.room.acknowledged.values(), default=0) for l in self.listeners)

    async def run(self):
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda *_: None)
        tasks = [asyncio.create_task(self.listen(l)) for l in self.listeners]
        while self.open < len(self.listeners) and self.is_running:
            await asyncio.sleep(0.05)
        tasks += [asyncio.create_task(self.write(room)) for room in self.rooms]
        while self.is_running:
            await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def listen(self, listener):
        lost = None
        while True:
            writer = None
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
                place = f"Last-Event-ID: {listener.cursor}\r\n" if listener.cursor else ""
                # A balancer may keep a connection whose stream is over.
                writer.write(f"GET {listener.room.path}/events HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: text/event-stream\r\n"
                             f"Connection: close\r\nAuthorization: Bearer {self.token}\r\n{place}\r\n".encode())
                head = await reader.readuntil(b"\r\n\r\n")
                if head[9:12] != b"200":
                    raise OSError(head[9:12])
                # A stream begins by saying where it is: cut before that, it could not go on from there.
                await self.block(listener, reader)
                if lost:
                    self.stream_gaps.append(time.perf_counter() - lost)
                lost = None
                self.open += 1
                try:
                    while await self.block(listener, reader):
                        pass
                finally:
                    self.open -= 1
            except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                pass
            finally:
                if writer:
                    writer.close()
            lost = lost or time.perf_counter()
            # Each as it was told: not all at once.
            await asyncio.sleep(listener.pause)

    @staticmethod
    async def block(listener, reader):
        """Reads one event, or a sign of life; false where the stream is over. What did not come whole was not told."""
        kind = place = number = None
        while line := await reader.readline():
            if line.startswith(b"event:"):
                kind = line[6:].strip()
            elif line.startswith(b"retry:"):
                listener.pause = int(line[6:]) / 1000
            elif line.startswith(b"id:"):
                place = line[3:].strip().decode()
            elif line.startswith(b"data:") and kind == b"message":
                number = int(NUMBER.search(line)[1])
            elif not line.strip():
                listener.resets += kind == b"reset"
                if number:
                    listener.heard(number)
                listener.cursor = place or listener.cursor
                return True
        return False

    async def write(self, room):
        self.writing += 1
        try:
            await self.write_on(room)
        finally:
            self.writing -= 1

    async def write_on(self, room):
        index, since = 0, None
        while self.is_sending:
            status, retry, text = await self.post(room, {"to": "#general", "body": f"{index}", "client_id": f"n{index}"})
            self.answers[status] += 1
            if status in (200, 201):
                room.acknowledged[index] = json.loads(text)["seq"]
                if since:
                    self.sender_gaps.append(time.perf_counter() - since)
                index, since = index + 1, None
                await asyncio.sleep(self.pause * random.uniform(0.5, 1.5))
                continue
            since = since or time.perf_counter()
            if status == 503 and retry is None:
                self.unsaid += 1
            # The same again, under the same id.
            await asyncio.sleep(min(float(retry or 0.1), 2) * random.uniform(0.5, 1))

    async def post(self, room, body):
        """The status, `Retry-After` and the answer; 0 where there was none."""
        writer = None
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            text = json.dumps(body).encode()
            writer.write(f"POST {room.path}/messages HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.token}\r\n"
                         f"Content-Type: application/json\r\nConnection: close\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)).lower()
            length = int(head.split(b"content-length:")[1].split(b"\r\n", 1)[0])
            retry = head.split(b"retry-after:")[1].split(b"\r\n", 1)[0].strip() if b"retry-after:" in head else None
            return int(head[9:12]), retry, await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError, IndexError):
            return 0, None, b""
        finally:
            if writer:
                writer.close()
