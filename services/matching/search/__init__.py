"""Search for suppliers, by a text or by a need; and the engine that ranks on request."""
