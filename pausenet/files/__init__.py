"""Files that people write: scenarios in YAML, samples in JSON Lines, with line and column."""

from pausenet.files.resolved import scenario_digest, write_scenario
from pausenet.files.samples import read_readings, read_usage, write_reading, write_usage
from pausenet.files.scenario import parse_scenario, read_scenario
from pausenet.files.stories import find_scenario, story_names

__all__ = [
    "find_scenario",
    "parse_scenario",
    "read_readings",
    "read_scenario",
    "read_usage",
    "scenario_digest",
    "story_names",
    "write_reading",
    "write_scenario",
    "write_usage",
]
