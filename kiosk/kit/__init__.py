"""The trainer's kit: makes a new exercise plugin, and checks one before members meet it."""
