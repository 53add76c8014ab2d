"""What does an article claim of returned lunar samples, and what does the public record know of it?

By rules alone: the same text and record give the same claims. `documents` makes text of bytes, `sentences` parts it,
`marking` finds the names, numbers and dates in a sentence, `grammar` makes claims of them, `judging` holds each against
the record, and `desk` does all of it. Nothing is imported here. docs/reading.md says what is read and how to add a pattern.
"""
