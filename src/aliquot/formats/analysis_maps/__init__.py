"""Mappings of tables of results that ship with the library: how a known table is read. Each is data, reviewed in a diff like code."""
