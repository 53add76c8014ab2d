"""The JSON API, version 1: what the public pages show, for other programs; and the bench, for those with a token.

`urls` is the site map of it; `samples`, `ledger` and `register` are the operations by noun, each beside the shapes of
what it answers. They know nothing but what the public may read: only published samples, and of holders and people
their public names. What writes, and what only staff may read, goes through `writing`.
"""
