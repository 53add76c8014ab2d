"""Tables and exchange formats, one file each. What is read here is checked here, and nothing is written."""
