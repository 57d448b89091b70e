"""A node's disk: tiles and record files are the truth, SQLite is an index over them."""

from pausenet.node.store.index import Indexed, LogIndex
from pausenet.node.store.mark import Mark
from pausenet.node.store.store import Places, Store

__all__ = ["Indexed", "LogIndex", "Mark", "Places", "Store"]
