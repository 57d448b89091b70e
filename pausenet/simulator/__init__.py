"""The deterministic world: the same machines as in a real network, driven by a heap and a seed."""
