"""What an evidence bundle means, in plain words: what it shows, how surely, and what it cannot see.

`meanings` says it for each fault, `worth` what an alarm of a test is worth among many who follow
the rules, and `account` puts one bundle's explanation together.
"""

from pausenet.cli.explain.account import Explanation, explained

__all__ = ["Explanation", "explained"]
