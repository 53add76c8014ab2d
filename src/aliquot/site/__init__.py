"""The site: asks people, remembers, and shows. One Django app in thin floors over the library."""
