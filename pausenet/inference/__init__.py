"""What readings are worth: exact tests over declared and metered quantities."""

from pausenet.inference.balance import MeterError
from pausenet.inference.series import Alarm, Balance, Limits, Page, Series, SeriesTest

__all__ = ["Alarm", "Balance", "Limits", "MeterError", "Page", "Series", "SeriesTest"]
