"""Readers that turn public data sets into lines of the registry's bulk import. They read files and reach no service."""
