"""The workshop room: what residents and partners make of the options, live, in the hall.

A facilitator sets a workshop up from a run of steps; phones and paper ballots answer its questions; every
answer is on disk before it is called counted; the record says what was asked, of whom, and what came of it.
"""
