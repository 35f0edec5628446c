#!/usr/bin/env python3
"""What Package.swift declares of each target, beside what its sources import: both ways, they are the same.

Prints the graph of our own targets with --graph. Executables that a test target depends on are there to be built and run:
nothing imports them.
"""
import pathlib
import re
import sys

STANDARD = {
    "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "FoundationNetworking", "FoundationXML", "Glibc",
    "PackageDescription", "Synchronization", "Testing",
}
IMPORT = re.compile(r"^\s*(?:@\w+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+"
                    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)", re.M)


def words(label, text):
    found = re.search(label + r": \[(.*?)\]", text, re.S)
    return re.findall(r'"([^"]+)"', found.group(1)) if found else []


def files(folder, sources, excluded):
    """The Swift files of a target."""
    roots = [folder / source for source in sources] or [folder]
    found = [file for root in roots for file in ([root] if root.is_file() else sorted(root.rglob("*.swift")))]
    return [file for file in found if not any(file.is_relative_to(folder / name) for name in excluded)]


def targets(manifest):
    """(name, kind, Swift files, names declared) of every target."""
    products = dict(re.findall(r'static let (\w+) = product\(name: "(\w+)"', manifest))
    body = manifest[manifest.index("targets: ["):]
    starts = list(re.finditer(r"(library|tests|\.target|\.executableTarget)\(\s*(?:name: )?\"(\w+)\"", body))
    for here, after in zip(starts, starts[1:] + [None]):
        text = body[here.start():after.start() if after else len(body)]
        text = re.sub(r"//[^\n]*", "", text)
        kind, name = here.group(1), here.group(2)
        if kind.startswith("."):
            listed = re.search(r"dependencies: \[(.*?)\]", text, re.S)
        else:
            listed = re.search(r"\[(.*?)\]", re.sub(r"exclude: \[.*?\]", "", text), re.S)
        names = set()
        if listed:
            names = set(re.findall(r'"(\w+)"', listed.group(1)))
            names |= {products[word] for word in re.findall(r"\.(\w+)", listed.group(1)) if word in products}
        path = re.search(r'path: "([^"]+)"', text)
        folder = path.group(1) if path else ("Tests/" if kind == "tests" else "Sources/") + name
        yield name, kind, files(pathlib.Path(folder), words("sources", text), words("exclude", text)), names


def main():
    all_targets = list(targets(pathlib.Path("Package.swift").read_text()))
    kinds = {name: kind for name, kind, _, _ in all_targets}
    broken = False
    for name, kind, sources, declared in all_targets:
        if not sources:
            continue
        imported = {}
        for file in sources:
            for module in IMPORT.findall(file.read_text()):
                imported.setdefault(module, file)
        for module in sorted(set(imported) - declared - STANDARD - {name}):
            print(f"law broken: {name} imports {module}, which Package.swift does not declare: {imported[module]}",
                  file=sys.stderr)
            broken = True
        run = {other for other in declared if kinds.get(other) == ".executableTarget"} if kind == "tests" else set()
        for module in sorted(declared - set(imported) - run):
            print(f"law broken: Package.swift declares {module} for {name}, which imports it nowhere", file=sys.stderr)
            broken = True
        if "--graph" in sys.argv and kind in ("library", ".executableTarget") and sources[0].parts[0] == "Sources":
            print(f"{name:16} {' '.join(sorted(module for module in imported if module in kinds)) or '-'}")
    sys.exit(broken)


main()
