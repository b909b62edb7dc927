"""What mkdocs does beyond its settings: pages from outside this folder, notebooks as pages, links between them.

The pages are written to be read where they lie, in the repository. A link that leaves this folder is followed: what it
leads to becomes a page or a file of the site, and the link is written anew.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)#\s]+)((?:#[^)]*)?(?=\)))")
TAKEN = ("CHANGELOG.md", "docker/README.md", "cypher/README.md", "cypher/schema/README.md", "notebooks/README.md")
FILES = ("graphmem/resolve/lexicon.toml", "LICENSE", "NOTICE")


def on_files(files: Any, config: Any) -> Any:
    """Take pages and files from beside this folder, and the notebooks."""
    for path in TAKEN:
        files.append(File.generated(config, path, content=_relinked(ROOT.joinpath(path).read_text("utf-8"), path)))
    for path in FILES:
        files.append(File.generated(config, path, abs_src_path=str(ROOT / path)))
    for notebook in sorted(ROOT.glob("notebooks/*.ipynb")):
        path = f"notebooks/{notebook.stem}.md"
        files.append(File.generated(config, path, content=_relinked(page_of(notebook.read_text("utf-8")), path)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Write links that leave this folder anew."""
    return markdown if page.file.generated_by else _relinked(markdown, f"docs/{page.file.src_uri}")


def _relinked(markdown: str, path: str) -> str:
    """Return a page of the repository with links for the site."""
    folder, here = os.path.dirname(path), os.path.dirname(_place(path))

    def link(match: re.Match[str]) -> str:
        target = os.path.normpath(os.path.join(folder, match[1]))
        if ROOT.joinpath(target).is_dir():
            while not ROOT.joinpath(target, "README.md").exists():
                target = os.path.dirname(target)
            target = f"{target}/README.md"
        return os.path.relpath(_place(target), here or ".") + match[2]

    return LINK.sub(link, markdown)


def _place(path: str) -> str:
    """Return where a file of the repository is in the site."""
    return re.sub(r"\.ipynb$", ".md", path.removeprefix("docs/"))


def page_of(notebook: str) -> str:
    """Return a notebook as a page: its texts, its code and what that showed."""
    parts = []
    for cell in json.loads(notebook)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        parts += [shown for output in cell["outputs"] if (shown := _shown(output))]
    return "\n\n".join(parts) + "\n"


def _shown(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return f"```text\n{''.join(output['text']).rstrip()}\n```"
    data = {kind: "".join(content) for kind, content in output["data"].items()}
    for kind in ("text/html", "image/svg+xml"):
        if kind in data:
            return f'<div class="output">{" ".join(data[kind].split())}</div>'
    return f"```text\n{data['text/plain']}\n```"
