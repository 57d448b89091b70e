"""Games in normal form: payoffs, tables of best responses, dominance, Gambit's file formats.

`game` is the value; `tables` shows it, also in a notebook; `dominance` takes strategies away; `nfg`
and `efg` read and write text, `tokens` finds the place of a mistake in it.
"""
