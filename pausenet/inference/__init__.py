"""What readings are worth: exact tests over declared and metered quantities."""

from pausenet.inference.balance import (
    MeterError,
    exceeds,
    joint_exceedance,
    joint_table_ppm,
    power,
    power_table_percent,
    quantity_milli,
    upper_tail,
    z_milli,
)

__all__ = [
    "MeterError",
    "exceeds",
    "joint_exceedance",
    "joint_table_ppm",
    "power",
    "power_table_percent",
    "quantity_milli",
    "upper_tail",
    "z_milli",
]
