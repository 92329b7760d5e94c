"""The back office of participatory maps: one menu, one screen per job.

Lists only read. A state changes by a button that calls one service; each refusal is shown in its
own words, with what was typed.
"""
