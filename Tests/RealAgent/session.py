"""A person's home with a signed-in claudemesh, and a terminal in which it launches the real Claude Code, offline: the API is a
stub, the key is none, and everything that would look for the network is switched off."""
import fcntl, json, os, pty, re, select, shutil, signal, socket, struct, subprocess, sys, tempfile, termios, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
KEY = "sk-ant-" + "dummy-" + "0" * 30

OFFLINE = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_TELEMETRY": "1", "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_AUTOUPDATER": "1", "CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL": "1", "DO_NOT_TRACK": "1",
}


class Stub:
    """The API of one person's Claude Code."""

    def __init__(self, log):
        self.log = log
        command = [sys.executable, os.path.join(HERE, "stub_api.py"), "--log", log]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.base = "http://127.0.0.1:" + self.process.stdout.readline().split()[1]
        self.known, self.texts, self.read = [], [], 0

    def rows(self):
        """All that was asked until now; what was read once is kept."""
        try:
            with open(self.log, "rb") as file:
                file.seek(self.read)
                for line in file:
                    if not line.endswith(b"\n"):
                        break  # it is still being written
                    self.read += len(line)
                    row = json.loads(line)
                    self.known.append(row)
                    self.texts.append(json.dumps(row.get("body", {}).get("messages"), ensure_ascii=False))
        except FileNotFoundError:
            pass
        return self.known

    def asked(self, text):
        """The first request in whose messages `text` stands."""
        return next((row for row, said in zip(self.rows(), self.texts) if text in said), None)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Person:
    """A home with everything of one person, and nothing of another's."""

    def __init__(self, binary, claude, server, token, name, settings=None):
        # Short: the path of a socket holds about 104 bytes.
        self.root = tempfile.mkdtemp(prefix="cm-")
        self.binary, self.claude, self.server, self.name = binary, claude, server, name
        self.home, self.work, self.run = (os.path.join(self.root, part) for part in ("home", "work", "run"))
        for folder in (self.home, self.work, self.run):
            os.mkdir(folder, 0o700)
        self.stub = Stub(os.path.join(self.root, "api.jsonl"))
        self.environment = {
            "HOME": self.home, "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": self.run, "TMPDIR": self.run, "CLAUDE_CODE_TMPDIR": self.run,
            "CLAUDEMESH_CONFIG_DIR": os.path.join(self.home, ".claudemesh"),
            "ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": self.stub.base, **OFFLINE,
        }
        if os.getuid() == 0:
            self.environment["IS_SANDBOX"] = "1"
        with open(os.path.join(self.home, ".claude.json"), "w") as file:
            json.dump({"hasCompletedOnboarding": True,
                       "customApiKeyResponses": {"approved": [KEY[-20:]], "rejected": []},
                       "projects": {self.work: {"hasTrustDialogAccepted": True}}}, file)
        if settings is not None:
            os.mkdir(os.path.join(self.home, ".claude"))
            with open(os.path.join(self.home, ".claude", "settings.json"), "w") as file:
                json.dump(settings, file)
        self.call("login", "--with-token", "--server", server, input=token + "\n")

    def call(self, *arguments, input=None, check=True):
        """Runs a command of claudemesh in this home; its answer as JSON where it gives one."""
        done = subprocess.run([self.binary, *arguments, "--json"], env=self.environment, cwd=self.work, input=input,
                              capture_output=True, text=True)
        if check and done.returncode != 0:
            raise AssertionError(f"{self.name}: {' '.join(arguments)}: {done.returncode} {done.stderr.strip()}")
        try:
            return json.loads(done.stdout)
        except ValueError:
            return {"status": done.returncode, "out": done.stdout, "err": done.stderr}

    def launch(self, *arguments, flags=("--permission-mode", "manual")):
        command = [self.binary, "launch", "--agent", self.claude, *arguments, "--", *flags]
        return Terminal(self, command)

    def daemons(self):
        """The daemons of this home."""
        return [pid for pid in self.processes(b"daemon") if pid in self.processes(b"run")]

    def agents(self):
        """The Claude Codes of this home."""
        return self.processes(program=self.claude.encode())

    def processes(self, word=None, program=None):
        """Processes of this home: of claudemesh with that word, or of another program."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    mine = f"HOME={self.home}\0".encode() in file.read()
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            if mine and (word in words[1:] if program is None else words[0] == program):
                found.append(int(pid))
        return found

    def leftovers(self):
        """What a session left of itself: processes but the daemon, and directories."""
        folders = [f for f in os.listdir(self.run) if f.startswith("claudemesh-")]
        return self.agents() + self.processes(b"mcp") + self.processes(b"launch") + folders

    def leave(self, keep=False):
        for pid in self.daemons():
            os.kill(pid, signal.SIGTERM)
        self.stub.stop()
        if keep:
            print("kept:", self.root)
        else:
            shutil.rmtree(self.root, ignore_errors=True)


class Relay:
    """A way to a port of this machine that can be cut."""

    def __init__(self, port):
        self.target, self.open, self.isCut = port, [], False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.isCut:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                near.close()
                continue
            self.open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one, other):
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        self.isCut = True
        for end in self.open:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.open = []

    def mend(self):
        self.isCut = False

    def stop(self):
        self.cut()
        self.listener.close()


class Terminal:
    """A pseudo-terminal with a program in it. It has to be read all the time, or the program stalls."""

    def __init__(self, person, command):
        self.person, self.screen = person, b""
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 110, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            os.chdir(person.work)
            for descriptor in range(3):
                os.dup2(self.slave, descriptor)
            os.execve(command[0], command, person.environment)
        self.status = None

    def pump(self, seconds=0.05):
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.screen += os.read(self.master, 65536)
            except OSError:
                pass

    def until(self, what, seconds=30, others=()):
        """Waits for a state; nil where it did not come in time. `others` are terminals to read meanwhile."""
        end = time.time() + seconds
        while time.time() < end:
            for terminal in (self, *others):
                terminal.pump(0.02)
            if found := what():
                return found
        return None

    def shows(self, text):
        return lambda: text.encode() in self.screen

    def draws(self, text):
        """As `shows`, where words are put in place one by one."""
        return lambda: "".join(text.split()) in "".join(self.text().split())

    def type(self, text):
        os.write(self.master, text.encode())

    def say(self, text):
        """Types a prompt; Enter apart, as soon as it was read, since what comes in one piece is a paste."""
        before = len(self.screen)
        self.type(text)
        self.until(lambda: len(self.screen) > before, 5)
        self.until(lambda: False, 0.4)
        self.type("\r")

    def ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def is_as_before(self):
        return termios.tcgetattr(self.slave)[:4] == self.before[:4]

    def modes_left(self):
        """Modes that are still set, of those that Claude Code sets."""
        state = {25: True}
        for numbers, is_set in re.findall(rb"\x1b\[\?([0-9;]+)([hl])", self.screen):
            for number in map(int, numbers.split(b";")):
                state[1049 if number in (47, 1047) else number] = is_set == b"h"
        left = [n for n in (1000, 1002, 1003, 1004, 1006, 1049, 2004, 2031) if state.get(n)]
        return left + ([] if state[25] else ["cursor"])

    def text(self):
        return re.sub(r"\x1b\[[0-9;?<>=]*[a-zA-Z]", "", self.screen.decode(errors="replace"))

    def close(self):
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)
        os.close(self.slave)
