"""Refuses a lock that has another version of a crate than the root's: the engine under Python is the engine of the command line."""

import re
import sys
from typing import Dict, Set


def versions(path: str) -> Dict[str, Set[str]]:
    found: Dict[str, Set[str]] = {}
    with open(path, encoding="utf-8") as lock:
        for name, version in re.findall(r'name = "(.+)"\nversion = "(.+)"', lock.read()):
            found.setdefault(name, set()).add(version)
    return found


root, own = versions(sys.argv[1]), versions(sys.argv[2])
differing = [
    f"{name}: {', '.join(sorted(own[name] - root[name]))} here, {', '.join(sorted(root[name]))} in the root"
    for name in sorted(own)
    if name in root and not own[name] <= root[name]
]
if differing:
    print(*differing, "cargo update --manifest-path rims/detente-python/Cargo.toml --package NAME --precise VERSION", sep="\n", file=sys.stderr)
    sys.exit(1)
print(f"{sum(name in root for name in own)} crates of the same versions, {sum(name not in root for name in own)} of Python's own")
