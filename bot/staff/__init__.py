"""Staff: who may use the console, as what and for which places, and how they prove who they are."""
