"""Facilities' rules as data: one TOML file is one pack."""
