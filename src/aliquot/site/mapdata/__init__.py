"""Outlines and pictures of two worlds, made once from public data by the scripts beside them."""
