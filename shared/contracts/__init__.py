"""The published language: envelope, topics, one file of events per producer, schemas, samples."""
