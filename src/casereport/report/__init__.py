"""What is read: the sections of the report, its tables and words, its pages and templates."""
