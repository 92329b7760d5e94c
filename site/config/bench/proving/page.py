"""How many queries the ballot takes: run as a program, on the database that DATABASE_URL names."""

import sys

import django


def main() -> None:
    """`python -m config.bench.proving.page COOKIE SESSION ADDRESS`: prints the number."""
    cookie, session, address = sys.argv[1:]
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.cookies[cookie] = session
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    sys.stdout.write(str(len(captured)))


if __name__ == "__main__":
    main()
