"""A worker that looks into the folder while a message is written takes the whole of it, or nothing."""

import json
from queue import Empty

import pytest
from kombu import Connection
from kombu.transport import filesystem

from config import celery, file_queue

MESSAGE = {"body": "æøå", "number": 1}


def channel_of(transport: str, folder):
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder)}
    return Connection(transport=transport, transport_options=options).channel()


def write_while_somebody_reads(module, channel, monkeypatch) -> list:
    """What a worker finds that looks when the text is being made; then the message is written."""
    found, dumps = [], module.dumps

    def look_first(payload):
        with pytest.raises(Empty):
            found.append(channel._get("celery"))
        return dumps(payload)

    monkeypatch.setattr(module, "dumps", look_first)
    channel._put("celery", MESSAGE)
    return found


def test_a_half_written_message_is_not_there(tmp_path, monkeypatch):
    channel = channel_of("config.file_queue:Transport", tmp_path)
    assert write_while_somebody_reads(file_queue, channel, monkeypatch) == []
    assert channel._get("celery") == MESSAGE
    assert list(tmp_path.glob("*.part")) == list(tmp_path.glob("*.msg")) == []


def test_kombu_s_own_hands_one_over(tmp_path, monkeypatch):
    channel = channel_of("kombu.transport.filesystem:Transport", tmp_path)
    with pytest.raises(json.JSONDecodeError):
        write_while_somebody_reads(filesystem, channel, monkeypatch)


def test_the_product_uses_it():
    assert celery.app.connection_for_write("filesystem://").transport_cls == "filesystem"
    assert isinstance(Connection("filesystem://").transport, file_queue.Transport)
