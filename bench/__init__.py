"""What Punktlig can do in a second, measured: `python -m bench`, or `make bench`.

Every speed stands beside a floor that was measured in the same run on the same machine, so that the ratio of the two
says something on other machines too. Benchmarks are read by people; no test depends on a time.
"""
