"""A dealer network's own application, as it was before it had training: people, and how they sign in."""
