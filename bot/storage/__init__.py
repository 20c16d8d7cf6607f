"""The bottom of the house: engine, column types, migrations, sealing. Knows nothing of what it keeps."""
