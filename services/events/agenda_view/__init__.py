"""The agenda as people read it, by participant, table and room: placements joined with meetings, appointments and names."""
