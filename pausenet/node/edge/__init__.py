"""The HTTP edge: a node's log as c2sp.org/tlog-tiles, and its witness as c2sp.org/tlog-witness.

It is for the world outside the network, which has no certificates of it: everything here is
public, read-only but for `add-checkpoint`, and authenticated by the signatures in it alone.
"""
