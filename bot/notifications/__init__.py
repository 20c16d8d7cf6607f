"""Notifications to the staff: who wants to hear what, by which way, when; and their way out."""
