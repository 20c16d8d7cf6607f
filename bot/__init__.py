"""Dân Hỏi: a Vietnamese assistant for administrative procedures, dossiers and feedback."""
