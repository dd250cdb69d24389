"""`make bench`, and with SOAK=--soak ten minutes of load in place of one. Each part in a process of its own: what one
has loaded would count as the memory of the next."""

import subprocess
import sys

for part, arguments in (("steps", []), ("load", sys.argv[1:]), ("understanding", [])):
    subprocess.run([sys.executable, "-m", f"tests.bench.{part}", *arguments], check=True)
