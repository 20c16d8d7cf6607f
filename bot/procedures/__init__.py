"""How administrative procedures (thủ tục hành chính, TTHC) are kept, found and told."""
