"""`make bench`"""

from tests.bench import path, understanding

path.bench()
understanding.bench()
