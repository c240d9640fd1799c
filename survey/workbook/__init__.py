"""The municipality's initiatives as a workbook or CSV: written, filled in elsewhere, read and imported.

A file's way in: guarding (what is refused before any parser) -> spreadsheet or delimited (its cells) ->
reading (the template's columns, values or faults) -> comparing (what would change) -> importing.
"""
