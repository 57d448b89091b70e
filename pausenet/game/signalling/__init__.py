"""What labs say of themselves and what alarms say of them: calls, commitments, beliefs.

`signals` asks whether the call for a pause is cheap talk, `alarms` what is believed after alarms.
"""

from typing import Final

from pausenet.game.model import Model
from pausenet.game.signalling.alarm_model import ALARM
from pausenet.game.signalling.call_model import SIGNAL

MODELS: Final[tuple[Model, ...]] = (ALARM, SIGNAL)
