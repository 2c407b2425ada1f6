"""The tests, a package so that files of one name in two rooms do not meet."""

import os

# One thread for OpenMP, here and in the programs the tests start: on two busy cores its threads mostly wait
# for each other (measured: 160 ms a question with two, 25 ms with one).
os.environ.setdefault("OMP_NUM_THREADS", "1")
