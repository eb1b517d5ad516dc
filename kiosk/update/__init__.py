"""Updating a kiosk from a bundle (docs/bundle.md): beside the old version, tried, switched in one step, and back."""
