"""What the benchmarks measure with: programs in a terminal, `login` as it waits, a process' costs, a row of the table."""
import contextlib, fcntl, os, pty, re, select, signal, statistics, struct, subprocess, termios, time

from loopback import environment


def row(name, ours, reference=None, unit="ms", scale=1000.0, budget="", limit=None):
    """Prints one figure: the median and its extremes, beside the reference of the same pair or beside the budget's limit."""

    def spread(values):
        return f"{statistics.median(values):9.3f} ({min(values):.3f}-{max(values):.3f})"

    text = f"{name:46s} {spread([value * scale for value in ours])} {unit}"
    if reference:
        text += f"  reference {statistics.median(reference) * scale:.3f} {unit}"
        text += f"  ratio {spread([a / b for a, b in zip(ours, reference)])}"
    elif limit:
        text += f"  of the limit {statistics.median(ours) / limit:.3f}"
    print(text + (f"  budget {budget}" if budget else ""), flush=True)


class Terminal:
    """A program in an 80x24 pseudo-terminal."""

    def __init__(self, command, env):
        self.start = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execvpe(command[0], command, env)
        self.seen = b""

    def until(self, pattern, limit=20.0):
        """Reads until `pattern` was written after what is seen already."""
        mark, begin = len(self.seen), time.perf_counter()
        while not re.search(pattern, self.seen[mark:]):
            if time.perf_counter() - begin > limit:
                raise TimeoutError(f"{pattern!r} never came; the last bytes: {self.seen[-400:]!r}")
            self.read(0.5)

    def read(self, wait):
        """What comes within `wait` seconds, as soon as some comes."""
        if not select.select([self.fd], [], [], wait)[0]:
            return b""
        try:
            chunk = os.read(self.fd, 65536)
        except OSError:
            return b""
        self.seen += chunk
        return chunk

    def settle(self, quiet=0.15):
        """Reads until nothing came for `quiet` seconds: the bytes, and when the last of them came."""
        out, last = b"", time.perf_counter()
        while chunk := self.read(quiet):
            out += chunk
            last = time.perf_counter()
        return out, last

    def painted(self, pattern):
        """Seconds from the start of the program to the last byte of the frame with `pattern` in it."""
        self.until(pattern)
        last = time.perf_counter()
        rest, later = self.settle()
        return (later if rest else last) - self.start

    def key(self, keys):
        """Seconds from the key to the last byte of the answer, our processor's seconds, the answer."""
        used, begin = processor_seconds(self.pid), time.perf_counter()
        os.write(self.fd, keys)
        first = self.read(5)
        last = time.perf_counter()
        rest, later = self.settle()
        return (later if rest else last) - begin, processor_seconds(self.pid) - used, first + rest

    def close(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def timed(command, env):
    """Seconds that a program takes, its output thrown away."""
    actions = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1, 2)]
    begin = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, env, file_actions=actions)
    _, status = os.waitpid(pid, 0)
    seconds = time.perf_counter() - begin
    assert status == 0, f"{command}: status {status}"
    return seconds


def memory(pid, field="VmRSS"):
    return int(re.search(rf"{field}:\s+(\d+)", open(f"/proc/{pid}/status").read())[1]) * 1024


def processor_seconds(pid):
    """What all threads of a process used so far, those that ended too: its clock of processor time, CPUCLOCK_SCHED."""
    return time.clock_gettime(~pid << 3 | 2)


def login(options, base, home):
    """`claudemesh login` as it waits for the approval of its code: the process and the code."""
    command = [options.binary, "login", "--no-browser", "--server", base]
    process = subprocess.Popen(
        command, env=environment(home), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    text = b""
    while not (found := re.search(rb"code=([A-Z0-9]{4}-[A-Z0-9]{4})", text)):
        chunk = os.read(process.stderr.fileno(), 4096)
        assert chunk, f"login said {text!r}"
        text += chunk
    return process, found[1].decode()
