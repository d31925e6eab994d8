"""Let one setting turn on the launch links: without a repository's address, there are none.

The theme stops with an error where it is to make links and has no address to make them of.
"""


def withhold(app, config):
    """Take back the services' addresses while the repository's is empty."""
    if not config.html_theme_options["repository_url"]:
        del config.html_theme_options["launch_buttons"]


def setup(app):
    """Connect."""
    app.connect("config-inited", withhold)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
