"""Statistical kernels: the channels' draws for very many runs, without the protocol.

`plain` is the reference: whole numbers, one run at a time. The simulator of the real protocol
takes its leads from it, so that both fidelities draw the same.
"""

from pausenet.simulator.kernels.plain import first_alarms, key_of, salt_of, thresholds

__all__ = ["first_alarms", "key_of", "salt_of", "thresholds"]
