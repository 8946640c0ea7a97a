"""Sphinx with MyST-NB, which keep notebooks as they were executed, and how it is set up here.

A theme for scientific documents brings navigation, a dark side and narrow screens. What of it would
be loaded for nothing is left out: scripts for icons of one's own, the whole index in every page.
"""

import io
from pathlib import Path
from typing import Any

from workbench import extras
from workbench.graph import PipelineError
from workbench.site import words

FOLDER = Path(__file__).parent
WORDS = "site-words.js"
THEME = {
    "navbar_center": [],
    "navbar_end": ["language.html", "theme-switcher"],
    "navbar_persistent": ["search-field"],
    "secondary_sidebar_items": ["page-toc"],
    "article_header_start": [],
    "footer_start": [],
    "footer_end": [],
    "search_bar_text": "Search",
    "back_to_top_button": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def settings(title: str, said: Path) -> dict[str, Any]:
    """What a `conf.py` would say; nothing in it names another machine. The folder ``said`` holds
    the words of other languages as a script."""
    return {
        "project": title,
        "extensions": ["myst_nb", "sphinx.ext.githubpages"],
        "nb_execution_mode": "off",
        "nb_merge_streams": True,
        "nb_ipywidgets_js": {},  # would be asked of another machine
        "myst_heading_anchors": 3,
        "html_theme": "pydata_sphinx_theme",
        "html_theme_options": {**THEME, "logo": {"text": title}},
        "html_title": title,
        "html_context": {"default_mode": "auto"},
        "html_sidebars": {"**": ["contents.html"]},
        "html_static_path": [str(FOLDER / "theme" / "static"), str(said)],
        "html_css_files": ["site.css"],
        "html_js_files": [(name, {"defer": "defer"}) for name in (WORDS, "site.js")],
        "templates_path": [str(FOLDER / "theme")],
        "html_extra_path": ["played"],
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_search_summary": False,  # would be read by requests, which file:// has not
        "html_permalinks": False,
        "suppress_warnings": ["config.cache"],
    }


def generate(sources: Path, target: Path, title: str) -> None:
    """Make ``target`` of the documents in ``sources``. Raise PipelineError where the generator is
    missing, and for what it warns of: a link that leads nowhere, a page nobody can reach."""
    extras.require(["site"], "the site")
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    warnings = io.StringIO()
    said = sources.with_name("said")
    said.mkdir()
    (said / WORDS).write_text(words.script(), encoding="utf-8")
    try:
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                sources,
                None,
                target,
                sources.with_name("read"),
                "html",
                confoverrides=settings(title, said),
                status=None,
                warning=warnings,
                freshenv=True,
            )
            app.build()
    except SphinxError as error:
        raise PipelineError(f"the site cannot be built: {error}") from None
    if lines := warnings.getvalue().splitlines():
        raise PipelineError(f"the site is not whole: {' · '.join(lines[:3])}")
