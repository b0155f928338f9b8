"""The data model: types, code lists, tables and their checks, registries, findings, alarms and errors.

Everything here is a value or a pure function. It reads no file but its own TOML files and never writes, sends or
publishes anything.
"""
