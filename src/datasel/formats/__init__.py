"""Records from other tools' formats, and back: a file a format, and one table of them."""
