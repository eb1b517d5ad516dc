"""What can go wrong in a way that a user can mend.

Each message is one sentence or two: what is wrong, where, and what to do. The command line prints it
and ends with exit code 2; nobody sees a traceback for a mistake of their own.
"""


class KioskError(Exception):
    """A mistake or a missing thing that its message tells how to mend."""


class ConfigError(KioskError):
    """The configuration file, or an environment override, is missing or wrong."""


class SourceError(KioskError):
    """A camera, a video or a keypoint file cannot be read."""


class ModelError(KioskError):
    """A pose model is unknown, missing, damaged, or has no runtime to run it."""


class PluginError(KioskError):
    """An exercise plugin, or its ``checks.toml``, is wrong."""


class LightsError(KioskError):
    """The LEDs cannot be driven as the configuration asks."""


class HistoryError(KioskError):
    """The database of results cannot be opened or written."""


class DiskError(HistoryError):
    """The disk of the results is full, read-only or ailing: what it refuses now it may take later."""


class OutputError(KioskError):
    """A place that was named for a result cannot be written."""


class WebError(KioskError):
    """The pages cannot be served at the address that was asked for."""


class UpdateError(KioskError):
    """A bundle cannot be installed, or the version in it does not work here."""
