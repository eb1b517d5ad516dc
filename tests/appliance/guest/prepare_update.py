"""Test only, in the image: does the first half of `kiosk update BUNDLE`, at the host's own speed.

pip and the compiler would take ten minutes in the emulated machine. They are run by the kiosk's own code, which then
finds this version complete: it tries it, switches to it and proves it in the machine.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from kiosk.update.bundle import Bundle
from kiosk.update.system import Pi
from kiosk.update.trial import make_version
from kiosk.update.versions import Versions

system = Pi(8080)
bundle, versions = Bundle(Path(sys.argv[1]), system.kind), Versions(system.home)
with tempfile.TemporaryDirectory() as folder:
    bundle.unpack(Path(folder))
    make_version(system, versions, bundle, Path(folder))
versions.finish(bundle.manifest.build)
