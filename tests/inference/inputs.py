"""How many random inputs a comparison with high precision takes."""

from __future__ import annotations

import os

INPUTS = int(os.environ.get("PAUSENET_INPUTS", "300"))
"""Some hundreds in `make test`; `make soak` sets 10,000."""
SYSTEMS = INPUTS if INPUTS >= 10_000 else INPUTS // 25
"""The same where each input is a system of equations, or a long series, in thirty digits."""
