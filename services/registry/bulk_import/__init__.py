"""The bulk import: members as NDJSON, one result a line."""
