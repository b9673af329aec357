"""The measures: pure functions, each with its source, tested on examples worked by hand."""
