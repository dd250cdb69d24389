"""Counts what becomes of families, and what messages cost, once and beforehand: into tables in which nobody is, so that
a page of figures reads hundreds of rows, and opens nothing that is sealed."""
