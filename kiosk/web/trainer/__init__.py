"""The trainer's side: behind a login, today's visits, notes, comparisons, and the gym's own limits and words."""
