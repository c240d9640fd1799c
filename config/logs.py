"""The log's lines, without the addresses that are secrets: whoever has such a link is let in."""

import logging
import re

SECRET = re.compile(r"(/invitation/|/password/reset/key/).*", re.IGNORECASE)


class Formatter(logging.Formatter):
    """Of the finished line, so that no message, argument or traceback brings one in."""

    def format(self, record):
        return SECRET.sub(r"\1...", super().format(record))
