"""The owner's guide in the machine: what it tells people to type does there what the guide says."""

from __future__ import annotations

import pytest

from tests.owner.tried import IN_THE_MACHINE

from . import kiosk_in as kiosk
from .machine import Machine

pytestmark = pytest.mark.appliance(minutes=0.8)


def as_root(command: str) -> str:
    """Return a command of the guide for the machine's own root, who needs no sudo and no pager."""
    return command.removeprefix("sudo ").replace("journalctl", "journalctl --no-pager")


def test_the_commands_of_the_guide_do_what_it_says(machine: Machine) -> None:
    for command, tried in IN_THE_MACHINE.items():
        if command.startswith("sudo kiosk ") and "doctor" in command:
            machine.until(lambda: kiosk.serves(machine), "the kiosk to serve before it is asked", own_s=60)
        said = machine.run(as_root(command), check=False)
        print(f"$ {command}\n{said.text[-600:]}")
        assert said.code == tried.code, f"{command}\n{said.text}"
        assert tried.says in said.text, command
        if "notice.pdf" in command:
            # The owner fetches it without the rights of the kiosk.
            assert machine.text("head -c 5 /tmp/notice.pdf; stat -c ' %A' /tmp/notice.pdf") == "%PDF- -rw-r--r--"


def test_a_copy_of_the_results_goes_to_a_stick_and_back(machine: Machine) -> None:
    copies = "/var/lib/kiosk/backups"
    machine.text(f"kiosk history backup --to {copies}")
    # A folder stands in for the stick: the commands are those of docs/owner/care.md.
    machine.text(f"mkdir -p /mnt && cp -r {copies} /var/lib/kiosk/secret.key /etc/kiosk /mnt")
    machine.text("systemctl stop kiosk && rm /var/lib/kiosk/secret.key /var/lib/kiosk/history.db*")
    machine.text("install -m 600 -o kiosk -g kiosk /mnt/secret.key /var/lib/kiosk/")
    newest = machine.text(f"ls {copies}").split()[-1]
    machine.text(f"cp /mnt/backups/{newest} {copies}/")
    said = machine.text(f"kiosk history restore {copies}/{newest}")
    assert said.startswith("Restored"), said
    machine.text("systemctl start kiosk")
    machine.until(lambda: kiosk.serves(machine), "the kiosk with the restored results", own_s=60)


def test_the_trainers_password_can_be_set_anew_at_any_time(machine: Machine) -> None:
    for password in ("four quiet green words", "another four quiet words"):
        said = machine.text(f"echo '{password}' | kiosk trainer password --stdin")
        assert "Log in at /trainer." in said
    assert machine.page("/trainer/login")[0] == 200
