"""Run the rebuild, from the root of the repository: ``python -m models.build --package TGZ ... --out DIR``."""

import sys

from models.build.build import main

sys.exit(main())
