"""What of docs/ is made from the code: the reference and the pictures. ``python -m tests.documents`` writes them."""
