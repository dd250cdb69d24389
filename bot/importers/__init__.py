"""Tables of providers and hubs, read and checked. Nothing here writes: what is read goes on as plain rows."""
