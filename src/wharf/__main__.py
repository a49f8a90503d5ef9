"""`python -m wharf` is `wharf`."""

import sys

from wharf.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
