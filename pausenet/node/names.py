"""The names of a network's files; for those who look from outside and need no cryptography."""

from __future__ import annotations

from typing import Final

NETWORK_FILE: Final = "network.json"
STATUS_FILE: Final = "status.json"
