"""Check that running containers are confined as compose.yaml says: one volume each, none shared."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


def problems(containers: list[dict[str, Any]]) -> list[str]:
    """Say everything in which a container is less confined than promised."""
    found: list[str] = []
    owners: dict[str, str] = {}
    for container in containers:
        name, host = container["Name"], container["HostConfig"]
        checks = {
            "user is not 10001:10001": container["Config"]["User"] == "10001:10001",
            "root file system is writable": host["ReadonlyRootfs"],
            "capabilities are not all dropped": host["CapDrop"] == ["ALL"] and not host["CapAdd"],
            "new privileges are possible": "no-new-privileges:true" in host["SecurityOpt"],
            "ports are published": not host["PortBindings"],
        }
        found += [f"{name}: {problem}" for problem, holds in checks.items() if not holds]
        if [mount["Type"] for mount in container["Mounts"]] != ["volume"]:
            found.append(f"{name}: expected one volume and no other mount")
        for mount in container["Mounts"]:
            if mount["Type"] == "volume" and owners.setdefault(mount["Name"], name) != name:
                found.append(f"{name}: shares {mount['Name']} with {owners[mount['Name']]}")
    return found


if __name__ == "__main__":
    listed = subprocess.run(
        ["docker", "inspect", *sys.argv[1:]], check=True, capture_output=True, text=True
    ).stdout
    wrong = problems(json.loads(listed))
    print("\n".join(wrong) or f"{len(sys.argv) - 1} containers are confined as promised")
    sys.exit(bool(wrong))
