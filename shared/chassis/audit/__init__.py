"""The audit: folding the topics must give the stored states, projections and claims. It runs beside the system."""
