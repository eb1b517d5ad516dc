"""The translation files of the pages. ``python -m tests.texts`` brings them up to date with what the pages say."""
