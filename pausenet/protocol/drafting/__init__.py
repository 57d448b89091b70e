"""What an agreement's terms amount to: told in words, checked, compared."""

from pausenet.protocol.drafting.checks import Problem, problems
from pausenet.protocol.drafting.diff import Change, Direction, diff
from pausenet.protocol.drafting.explain import explain

__all__ = ["Change", "Direction", "Problem", "diff", "explain", "problems"]
