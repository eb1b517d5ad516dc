"""The recordings of `kiosk demo`: rendered people of ours, with known faults."""
