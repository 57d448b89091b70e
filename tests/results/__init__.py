"""Tests of `pausenet.results`."""
