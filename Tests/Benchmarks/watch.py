"""The budgets of the mesh on one screen: reducer and frame with 10,000 messages and 200 peers."""
import os, subprocess

from measure import row


def keys(options):
    program = os.path.join(os.path.dirname(options.binary), "WatchKeys")
    figures = {}
    for line in subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines():
        name, seconds = line.split()
        figures.setdefault(name, []).append(float(seconds))
    assert figures, "nothing was measured"
    for name, values in figures.items():
        row(f"watch, 10,000 messages: {name}", values, budget="< 1 ms", limit=0.001)


ALL = [keys]
