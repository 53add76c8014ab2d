"""Which statements does the desk know? One module a family of predicates, each with its examples, which run as tests.

A family is a function `claims(sentence, context)` and a list `EXAMPLES`. To add a pattern: add an example that fails to the
family that it belongs to, then the words that make it pass.
"""
