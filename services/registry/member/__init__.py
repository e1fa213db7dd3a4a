"""Members: application, approval, profile, offers and needs, withdrawal; who may see and change what."""
