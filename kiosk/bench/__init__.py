"""How fast, and how right: the numbers that a landing is judged by, measured on this machine."""
