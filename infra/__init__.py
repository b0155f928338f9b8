"""The wires: settings, object stores, logs."""
