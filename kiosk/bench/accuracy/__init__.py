"""How right the kiosk is on labelled recordings: reps, checks and values, against the known truth."""
