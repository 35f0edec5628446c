"""The budgets of the wizard and of the commands that need no network."""
import contextlib, os, re, sqlite3, subprocess, tempfile, time

from loopback import Browser, environment, server
from measure import Terminal, login, memory, processor_seconds, row, timed


MENU = ["dialog", "--menu", "How do you want to start?", "20", "60", "6"]
MENU += [word for number in range(6) for word in (str(number), f"Choice {number}")]


def first_paint(options):
    with tempfile.TemporaryDirectory() as home:
        ours, reference = [], []
        for _ in range(options.pairs + 1):
            # The last row of each: our key bar, dialog's buttons.
            ours.append(paint([options.binary], home, rb"Enter"))
            reference.append(paint(MENU, home, rb"Cancel"))
    for name, a, b in zip(("", ", processor's time"), zip(*ours[1:]), zip(*reference[1:])):
        row(f"first paint beside dialog --menu{name}", a, b, budget="<= 1.6")


def paint(command, home, pattern, env=None):
    """Seconds to the whole first frame, and of the processor's time."""
    terminal = Terminal(command, env or environment(home))
    try:
        return terminal.painted(pattern), processor_seconds(terminal.pid)
    finally:
        terminal.close()


def offline_commands(options):
    with tempfile.TemporaryDirectory() as home:
        env = environment(home)
        for words in (["--version"], ["completions", "bash"], ["telemetry", "status"]):
            ours, reference = [], []
            for _ in range(options.pairs + 1):
                ours.append(timed([options.binary, *words], env))
                reference.append(timed(["gh", "--version"], env))
            row(f"{' '.join(words)} beside gh --version", ours[1:], reference[1:], budget="< 0.5")


def moves(options):
    with tempfile.TemporaryDirectory() as home:
        terminal, other = Terminal([options.binary], environment(home)), Terminal(MENU, environment(home))
        terminal.painted(rb"Enter")
        other.painted(rb"Cancel")
        ours, reference = [], []
        for number in range(options.pairs + 1):
            key = b"\x1bOB" if number % 8 < 4 else b"\x1bOA"
            ours.append(terminal.key(key))
            reference.append(other.key(key))
        terminal.close()
        other.close()
    wall, used, answers = zip(*ours[1:])
    row("key to paint, processor's time", used, budget="< 1 ms", limit=0.001)
    row("key to paint on the clock, beside dialog", wall, [wall for wall, _, _ in reference[1:]])
    sizes = [len(answer) for answer in answers]
    assert min(sizes + [len(answer) for _, _, answer in reference]) > 0, "a key moved nothing"
    row("bytes to move the selection by a row", sizes, unit="B", scale=1, budget="< 400", limit=400)


WORDS = "platform planning research garden harbour signal lantern compass meadow quarry violet copper".split()


def filter_100000(options, count=100_000):
    """A real account with that many meshes, synced to disk; each keystroke beside fzf on the same names."""
    with tempfile.TemporaryDirectory() as home, server(options.binary) as site:
        process, code = login(options, site.base, home)
        Browser(site.base).register().decide(code)
        process.communicate()
        names = [f"mesh {n} {WORDS[n % len(WORDS)]} {WORDS[n * 7 % len(WORDS)]}" for n in range(count)]
        add_meshes(site.database, names)
        env = environment(home)
        subprocess.run([options.binary, "sync", "--server", site.base], env=env, check=True, stdout=subprocess.DEVNULL)
        lines = ("\n".join(names) + "\n").encode()
        terminal = Terminal([options.binary, "--server", site.base], env)
        terminal.until(rb"Filter", limit=60)
        rest(terminal)
        # A terminal that has marked one paste is believed: its single keys are not held for 20 ms to see if more come.
        terminal.key(b"\x1b[200~m\x1b[201~")
        ours, used, reference = [], [], []
        while len(ours) < options.pairs:
            terminal.key(b"\x15")
            for query in ["p", "pl", "pla", "plat", "platf"]:
                seconds, processor, _ = terminal.key(query[-1:].encode())
                ours.append(seconds)
                used.append(processor)
                begin = time.perf_counter()
                found = subprocess.run(["fzf", "-f", query], input=lines, stdout=subprocess.PIPE, env=env).stdout
                reference.append(time.perf_counter() - begin)
        terminal.key(b"\x0c")
        terminal.settle(1.0)
        shown, expected = terminal.seen[-4000:], f"{found.count(10):,} of {count:,}"
        terminal.close()
    assert expected.encode() in shown, f"not {expected}: {shown!r}"
    row("a keystroke's filter of 100,000 beside fzf -f", ours, reference, budget="< 1, < 16 ms")
    row("the same, processor's time", used, budget="< 16 ms", limit=0.016)


def saved_meshes(options, counts=(5, 10_000)):
    """The first frame of the list with so many meshes on disk, until its filter stands there: of a long list what follows it is not counted."""
    with contextlib.ExitStack() as stack:
        homes = [stack.enter_context(tempfile.TemporaryDirectory()) for _ in counts]
        for home, count in zip(homes, counts):
            site = stack.enter_context(server(options.binary))
            process, code = login(options, site.base, home)
            Browser(site.base).register().decide(code)
            process.communicate()
            add_meshes(site.database, [f"mesh {n} {WORDS[n % len(WORDS)]}" for n in range(count)])
            subprocess.run([options.binary, "sync"], env=environment(home), check=True, stdout=subprocess.DEVNULL)
        found = [[until_filter(options, home) for home in homes] for _ in range(options.pairs + 1)][1:]
    few, many = zip(*found)
    row(f"first frame with {counts[1]:,} meshes beside {counts[0]}", many, few, budget="<= 1.1")


def until_filter(options, home):
    terminal = Terminal([options.binary], environment(home))
    try:
        terminal.until(rb"Filter")
        return time.perf_counter() - terminal.start
    finally:
        terminal.close()


def rest(terminal):
    """Waits until the list has come from the server, all of it, and was written to disk."""
    used = -1.0
    while processor_seconds(terminal.pid) - used > 0.01:
        used = processor_seconds(terminal.pid)
        terminal.settle(2.0)


def add_meshes(database, names):
    with sqlite3.connect(database, timeout=30) as connection:
        [account] = connection.execute("SELECT id FROM accounts").fetchone()
        now = int(time.time() * 1000)
        ids = [f"{number:024d}" for number in range(len(names))]
        connection.executemany(
            "INSERT INTO meshes (id, owner_id, slug, name, name_folded, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            [(id, account, name.replace(" ", "-"), name, name, now) for id, name in zip(ids, names)])
        connection.executemany(
            "INSERT INTO memberships (mesh_id, account_id, membership, joined_at) VALUES (?, ?, 'owner', ?)",
            [(id, account, now) for id in ids])
    connection.close()


def waiting(options, seconds=20):
    """The wizard while it waits for Approve: its countdown paints every 10 s, its poll is held by the server."""
    with tempfile.TemporaryDirectory() as home, server(options.binary) as site:
        terminal = Terminal([options.binary, "--server", site.base], environment(home))
        terminal.painted(rb"Enter")
        os.write(terminal.fd, b"\r")
        terminal.until(rb"[A-Z0-9]{4}-[A-Z0-9]{4}")
        terminal.settle(1.0)
        used, begin = processor_seconds(terminal.pid), time.perf_counter()
        while time.perf_counter() < begin + seconds:
            terminal.read(1)
        share = (processor_seconds(terminal.pid) - used) / (time.perf_counter() - begin)
        row("waiting wizard, resident", [memory(terminal.pid)], unit="MiB", scale=2**-20, budget="< 40", limit=40 * 2**20)
        row("  of that its own, not the file's", [memory(terminal.pid, "RssAnon")], unit="MiB", scale=2**-20)
        row("waiting wizard, share of a core", [share], unit="%", scale=100, budget="< 1", limit=0.01)
        terminal.close()


ALL = [first_paint, offline_commands, moves, saved_meshes, filter_100000, waiting]
