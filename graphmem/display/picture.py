"""A picture as SVG: made here, shown by any notebook, readable in an exported one, and saved as a file."""

from __future__ import annotations

from pathlib import Path

from graphmem.errors import InvalidInput

_PAGE = (
    "<style>svg{color:#1f2328;background:#fff}"
    "@media(prefers-color-scheme:dark){svg{color:#dfe3e8;background:#14171c}}</style>"
)
_INK = "var(--jp-content-font-color1,var(--vscode-editor-foreground,#747b85))"
"""The colour of the text around it in JupyterLab and Visual Studio Code; elsewhere one for dark and for light."""


class Picture(str):
    """SVG markup that a notebook shows; `save` writes it to a file of its own.

    >>> Picture('<svg xmlns="http://www.w3.org/2000/svg"></svg>')
    <Picture of 46 characters of SVG>
    """

    __slots__ = ()

    def _repr_svg_(self) -> str:
        return self.replace('style="', f'style="color:{_INK};', 1)

    def __repr__(self) -> str:
        return f"<Picture of {len(self):,} characters of SVG>"

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file, dark or light as its reader likes it; raises `InvalidInput` if that fails."""
        head, inside = self.split(">", 1)
        try:
            Path(path).write_text(f"{head}>{_PAGE}{inside}", encoding="utf-8")
        except OSError as error:
            raise InvalidInput(
                f"'{path}' cannot be written: {error.strerror}. Name a file in a folder that exists"
            ) from error
        return Path(path)
