"""`make bench`, and with SOAK=--soak ten minutes of load in place of one"""

import sys

from tests.bench import load, steps, understanding

steps.bench()
load.bench(sys.argv[1:])
understanding.bench()
