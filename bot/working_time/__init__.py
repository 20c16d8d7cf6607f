"""When Vietnam's public offices work: its time zone, its holidays, and counting by both."""
