"""The bottom of the house: engine, column types, migrations, sealing."""
