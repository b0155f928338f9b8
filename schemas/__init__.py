"""What words mean: pure values, closed lists and the registries; no input or output but its own TOML files."""
