"""What an agreement's terms amount to: told in words, checked, compared."""

from pausenet.protocol.terms.checks import Problem, problems
from pausenet.protocol.terms.diff import Change, Direction, diff
from pausenet.protocol.terms.explain import explain

__all__ = ["Change", "Direction", "Problem", "diff", "explain", "problems"]
