"""Strangers in the house: plugins are found, looked at, loaded and watched here."""

from kiosk.plugins.loading import GROUP, Observer, Plugins, PluginStatus, load_plugins

__all__ = ["GROUP", "Observer", "PluginStatus", "Plugins", "load_plugins"]
