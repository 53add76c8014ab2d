"""Pictures drawn as SVG: values in, markup out, the same bytes every time. Knows no request, clock or database.

Colours and faces come from `static/css/drawings.css` by class, so that a picture follows light, dark and print.
A picture with links is a group, not an image: what is inside an image is hidden from screen readers.
"""
