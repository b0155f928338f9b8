"""A run and what it starts from: its context, its result, the state that earlier runs left."""
