"""The heart: machines that take events and return effects; no clock, chance, socket or file."""
