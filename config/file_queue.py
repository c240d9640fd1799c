"""The queue of `make run`: kombu's folder of messages, but a message appears in it whole.

kombu opens the file under its final name and then writes: a worker that looks in between takes an empty
message and ends (its JSON cannot be read).
"""

import os
from time import monotonic
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue, message, **kwargs):  # type: ignore[override]
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"  # sorted, the oldest is read first
        path = os.path.join(self.data_folder_out, name)
        with open(f"{path}.part", "w", encoding="utf-8") as file:
            file.write(dumps(message))
        os.replace(f"{path}.part", path)


class Transport(filesystem.Transport):
    Channel = Channel


def use() -> None:
    TRANSPORT_ALIASES["filesystem"] = "config.file_queue:Transport"
