"""Reports (báo cáo): what became of the cases of a time and a place, in figures and as files."""
