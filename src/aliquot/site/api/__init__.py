"""The JSON API, version 1: what the public pages show, for other programs. It only reads.

`urls` is the site map of it; `samples`, `ledger` and `register` are the operations by noun, each beside the shapes of
what it answers. Nothing here is known to anybody but the public: only published samples, and of holders and people
what the public may read.
"""
