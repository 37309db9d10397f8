"""As whom PostgreSQL runs: it refuses root, so root runs it under an account that every system has."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

STAND_IN = "nobody"


@dataclass(frozen=True)
class Account:
    """The numbers of a user and its group."""

    user: int
    group: int

    def as_options(self) -> dict:
        """Keywords that make `subprocess` run a command under this account."""
        return {"user": self.user, "group": self.group, "extra_groups": []}


def unprivileged_account() -> Account | None:
    """The account to run PostgreSQL under when we are root, else None: our own is right."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(STAND_IN)
    return Account(entry.pw_uid, entry.pw_gid)


def may_run(account: Account, program: Path) -> bool:
    """Whether the account can reach and run a program."""
    try:
        done = subprocess.run([program, "--version"], cwd="/", capture_output=True, check=False, **account.as_options())
    except PermissionError:
        return False
    return done.returncode == 0
