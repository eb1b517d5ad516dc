"""The machine around the kiosk, as data and code: pins, wiring, places of camera and feet, box, parts to buy.

``python -m hardware`` draws everything anew. Nothing here runs on the kiosk, and nothing of the kiosk is imported.
"""

from pathlib import Path

#: The folder that the tables stand in, and whose ``out`` holds what is made of them.
FOLDER = Path(__file__).parent
OUT = FOLDER / "out"
