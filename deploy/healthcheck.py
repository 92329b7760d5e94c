"""Ask an address of this container for its health: exit 0 when it answers 200.

The request carries the site's own host name, since Django answers to no other.
"""

import os
import sys
import urllib.request


def main() -> int:
    """Return 0 when the address given as first argument answers 200."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    request = urllib.request.Request(sys.argv[1], headers={"Host": host})  # noqa: S310 -- our own http address
    try:
        with urllib.request.urlopen(request, timeout=4) as response:  # noqa: S310 -- same
            return 0 if response.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
