"""The same server over PostgreSQL and over SQLite, in turns: what the one costs beside the other. Inside of Tests/Postgres/run."""
import contextlib, os, re, subprocess, tempfile

from database import Database
from loopback import server
from measure import row
from mesh import Mesh
from server import wrk

# Messages of one peer to another, each with an id of its own.
WRITERS = r"""
local threads = 0
function setup(thread) thread:set("own", threads); threads = threads + 1 end
local sent = 0
function request()
   sent = sent + 1
   return wrk.format("POST", "PATH", {["Authorization"] = "ClaudeMesh-Session TOKEN", ["Content-Type"] = "application/json"},
      string.format('{"to":"TO","body":"x","client_id":"RUN-%d-%d"}', own, sent))
end
"""


def rate(mesh, run, connections, seconds=4):
    """Messages a second that are taken in one mesh from so many at once."""
    writer, reader = mesh.peers[:2]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        text = WRITERS.replace("PATH", f"{mesh.path}/messages").replace("TOKEN", writer.token).replace("TO", reader.id)
        script.write(text.replace("RUN", run))
        script.flush()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script.name, f"http://127.0.0.1:{mesh.port}"],
            capture_output=True, text=True, check=True)
    assert "Non-2xx" not in done.stdout, done.stdout
    return float(re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)[1])


def shared(options, most=5):
    """Rates of SQLite's server, PostgreSQL's, and PostgreSQL's that tells others nothing; they take turns."""
    if "CLAUDEMESH_TEST_DATABASE_URL" not in os.environ:
        print("shared: left out: it runs inside of Tests/Postgres/run", flush=True)
        return
    pairs = min(options.pairs, most)
    database = Database(f"bench_{os.getpid()}")
    with contextlib.ExitStack() as stack:
        sites = [stack.enter_context(server(options.binary)), stack.enter_context(server(options.binary, database=database))]
        meshes = [Mesh(site, 2) for site in sites]
        for connections in (1, 8, 100):
            found = {"sqlite": [], "postgres": [], "silent": []}
            for pair in range(pairs):
                found["sqlite"].append(rate(meshes[0], f"a{connections}x{pair}", connections))
                found["postgres"].append(rate(meshes[1], f"b{connections}x{pair}", connections))
                database.allow_notices(False)
                found["silent"].append(rate(meshes[1], f"c{connections}x{pair}", connections))
                database.allow_notices(True)
            row(f"messages in one mesh, {connections} at once, PostgreSQL : SQLite", found["postgres"], found["sqlite"], unit="/s", scale=1)
            row("  with notices : without", found["postgres"], found["silent"], unit="/s", scale=1, budget=">= 0.9")
        headers = [[f"Authorization: Bearer {mesh.owner}"] for mesh in meshes]
        reads = [[], []]
        for _ in range(pairs):
            for site, header, rates in zip(sites, headers, reads):
                rates.append(wrk(site.base + "/api/my/whoami", header))
        row("whoami, PostgreSQL : SQLite", reads[1], reads[0], unit="/s", scale=1)


def store(options, peers=100, each=200):
    """What the stores take without HTTP, by the server's own rules: 100 write, in one mesh, each after an answer."""
    program = os.path.join(os.path.dirname(options.binary), "StoreMessages")
    rounds, found = min(options.pairs, 5), {"SQLite": [], "PostgreSQL": []}
    for number in range(rounds):
        for engine, figures in found.items():
            variables = dict(os.environ)
            if engine == "PostgreSQL":
                if "CLAUDEMESH_TEST_DATABASE_URL" not in os.environ:
                    continue
                variables["CLAUDEMESH_SERVE_DATABASE_URL"] = Database(f"store_{os.getpid()}_{number}").url
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run([program, f"{folder}/store", str(peers), str(each)], env=variables,
                                      capture_output=True, text=True, check=True)
            figures.append([float(word) for word in done.stdout.split()])
    for engine, figures in found.items():
        if figures:
            rates, *times = zip(*figures)
            budget = ">= 5,000" if engine == "PostgreSQL" else ""
            row(f"messages into the store, {engine}, {peers} at once", rates, unit="/s", scale=1, budget=budget)
            for name, values in zip(("p50", "p99"), times):
                row(f"  an answer, {name}", values, scale=1)


ALL = [shared, store]
