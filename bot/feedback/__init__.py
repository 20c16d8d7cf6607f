"""Feedback (phản ánh, kiến nghị): cases, their states, clocks, receipts and history."""
