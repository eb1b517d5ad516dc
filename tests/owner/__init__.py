"""The owner's guide, held to the program that it describes."""
