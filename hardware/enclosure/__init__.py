"""The box: its dimensions in ``enclosure.toml``, its shape in ``enclosure.scad``, and what is made of them."""
