"""Dossiers (hồ sơ đã nộp): where one stands, told only to whom it concerns."""
