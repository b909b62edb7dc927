"""How results look in a notebook: small HTML and SVG without script, for dark and for light, all text escaped.

Styles are inline and no colour is set behind text, so that a page's own colours stay; texts are cut, and collections
show their first entries and say how many more there are.
"""

from graphmem.display.answers import html_of
from graphmem.display.picture import Picture

__all__ = ["Picture", "html_of"]
