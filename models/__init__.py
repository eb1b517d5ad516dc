"""The model files that the kiosk ships; setuptools installs this folder as the package ``kiosk_models``."""
