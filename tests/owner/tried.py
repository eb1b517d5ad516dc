"""Which commands of the owner's guide the tests of the appliance run in their machine, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tried:
    """What a command must print (a part of it), and how it must end."""

    says: str = ""
    code: int = 0


#: In the order in which they are run, one after the other in one machine.
IN_THE_MACHINE: dict[str, Tried] = {
    "kiosk --help": Tried("commands:"),
    "sudo kiosk doctor": Tried("Camera"),
    "sudo kiosk notice": Tried("# This kiosk looks at how you move"),
    "sudo kiosk notice --out /tmp/notice.pdf": Tried(),
    "sudo kiosk notice --lang de --out /tmp/notice.pdf": Tried(),
    'sudo kiosk notice --contact "Front desk, 555 0100" --out /tmp/notice.pdf': Tried(),
    "sudo kiosk plugins list": Tried("overhead"),
    "sudo kiosk history backup --to /var/lib/kiosk/backups": Tried(),
    "sudo ls /var/lib/kiosk/backups": Tried(),
    "sudo kiosk history delete-old": Tried(),
    "sudo kiosk update --list": Tried("runs"),
    "journalctl -u kiosk": Tried("kiosk"),
    "df -h": Tried("/"),
    "sudo systemctl stop kiosk": Tried(),
    "sudo kiosk camera list": Tried("camera.source"),
    "sudo systemctl start kiosk": Tried(),
    "sudo systemctl restart kiosk": Tried(),
    "sudo bash /opt/kiosk/systemd/install.sh --uninstall": Tried("the kiosk is gone"),
}

_INSTALL = "the image is made with systemd/install.sh and a bundle (tests/appliance/image.py)"
_UPDATE = "tests/appliance has updates of its own, with good and bad bundles"
_OWN_COMPUTER = "typed on the owner's computer"
_HANDS = "needs somebody before the machine"

BY_HAND: dict[str, str] = {
    "ssh NAME@kiosk.local": _OWN_COMPUTER,
    "ssh -t -L 8080:localhost:8080 NAME@kiosk.local sudo kiosk camera": _OWN_COMPUTER,
    "scp NAME@kiosk.local:/tmp/notice.pdf .": _OWN_COMPUTER,
    "make bundle": _INSTALL,
    "mkdir plumbline": _INSTALL,
    "tar -xf /media/STICK/FILE.tar -C plumbline": _INSTALL,
    "sudo plumbline/systemd/install.sh": _INSTALL,
    "sudo plumbline/systemd/install.sh --no-screen": _INSTALL,
    "sudo plumbline/systemd/install.sh --name kiosk2": "tests/systemd gives a machine another name",
    "git clone ADDRESS plumbline": "needs a network",
    "sudo apt install git": "needs a network",
    "sudo apt install python3-lgpio": "needs a network",
    "sudo apt install espeak-ng": "needs a network",
    "sudo apt update": "needs a network",
    "sudo apt upgrade": "needs a network",
    "sudo apt clean": "the system's own",
    "sudo nano /etc/kiosk/kiosk.toml": _HANDS,
    "sudo mount /dev/sda1 /mnt": "needs a USB stick",
    "sudo umount /mnt": "needs a USB stick",
    "sudo cp -r /var/lib/kiosk/backups /var/lib/kiosk/secret.key /etc/kiosk /mnt": "needs a USB stick",
    "sudo cp /mnt/backups/FILE /var/lib/kiosk/backups/": "needs a USB stick",
    "sudo install -m 600 -o kiosk -g kiosk /mnt/secret.key /var/lib/kiosk/": "needs a USB stick",
    "sudo kiosk history restore /var/lib/kiosk/backups/FILE": "its file's name differs: tests/test_cli_history.py",
    "sudo nmcli device wifi hotspot ssid Kiosk password CHOOSE-ONE": "the machine has no Wi-Fi; the page says so",
    "sudo nmcli connection modify Hotspot connection.autoconnect yes": "the machine has no Wi-Fi; the page says so",
    "sudo kiosk trainer password": f"{_HANDS}: tests/test_cli_trainer.py",
    "sudo kiosk lights test": f"{_HANDS}: tests/test_cli_lights.py",
    "sudo kiosk camera check": f"{_HANDS}: tests/mounting",
    "sudo kiosk camera check --stature 1.78": f"{_HANDS}: tests/mounting",
    "sudo kiosk plugins allow NAME": "needs a plugin that hung: tests/test_cli_plugins.py",
    "sudo kiosk update FILE": _UPDATE,
    "sudo kiosk update --back": _UPDATE,
    "systemctl status kiosk-browser": "the machine has no screen",
    'sudo date --set "2026-11-21 15:00"': "tests/appliance sets the clock of the machine by date --set",
    "sudo systemctl poweroff": "the machine of the tests is cut off the power instead",
}
