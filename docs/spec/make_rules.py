"""Publish the rules of appraisal: docs/spec/rules.json, the bytes that the rules digest is of.

python docs/spec/make_rules.py           write the file
python docs/spec/make_rules.py --check   exit 1 unless it is what would be written
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pausenet.protocol.rules import RULES_BYTES

RULES = Path(__file__).with_name("rules.json")


def main() -> int:
    """Write the rules, or compare them with what stands there."""
    if "--check" not in sys.argv[1:]:
        RULES.write_bytes(RULES_BYTES)
        return 0
    if RULES.read_bytes() == RULES_BYTES:
        return 0
    print("docs/spec/rules.json is stale: run python docs/spec/make_rules.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
