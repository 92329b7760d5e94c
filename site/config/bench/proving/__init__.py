"""An election under fire: a private PostgreSQL, the production server, voters who never give up.

Nothing is simulated but the voters: the cluster is a real one that is killed with SIGKILL, the site
runs under its own server, ballots travel over HTTP. Used by `bench vote`, `bench integrity` and the
tests of integrity.
"""
