"""Prompters behind an OpenAI-compatible server."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np

from planimeter.coder.llm import ChatClient, Generation, ReplyCache
from planimeter.coder.llm.client import Message
from planimeter.coder.vlm.encode import MAX_SIDE
from planimeter.errors import ModelError
from planimeter.reason.families import NORMALISED, RESIZED, family_frame, shown_frame, squared
from planimeter.reason.prompter import PrompterLook, PrompterOptions, Said
from planimeter.reason.wording import SYSTEM, user_text


class EndpointPrompter:
    """A vision model on a server, told in words which frame to speak in.

    Args:
        model: as its server names it.
        base_url: of the server; None for what the environment says.
        options: how it is asked; its frame is "resized", pixels of the picture sent, where none is given.
        timeout: seconds for one reply.
        cache: keep replies on disk.

    Example:
        >>> EndpointPrompter("any-model", "http://localhost:8000/v1").name
        'any-model at http://localhost:8000/v1 (box+2, resized, 2048 tokens)'
    """

    def __init__(
        self,
        model: str,
        base_url: str | None = None,
        options: PrompterOptions | None = None,
        timeout: float = 300.0,
        cache: bool = True,
    ) -> None:
        self.options = options or PrompterOptions()
        self._client = ChatClient(model, base_url, timeout, cache=ReplyCache() if cache else None)
        self._generation = Generation(temperature=0.0, max_tokens=self.options.max_new_tokens)
        self._frame = family_frame("", self.options.frame or RESIZED)
        self.name = f"{model} at {self._client.shown_url} ({self.options.shown(self._frame)})"

    def say(self, looks: Sequence[PrompterLook]) -> list[Said]:
        """See ``Prompter.say``; one request after another."""
        return [self._say(look) for look in looks]

    def _say(self, look: PrompterLook) -> Said:
        picture = _at_most(squared(look.image, self.options.side), MAX_SIDE)
        height, width = picture.shape[:2]
        unit = (
            "thousandths of the picture's width and height (0 to 1000)"
            if self._frame == NORMALISED
            else f"pixels of this picture, which is {width} x {height}"
        )
        asked = (
            f"{user_text(look.phrase, self.options.variant)}\n"
            f"Coordinates are {unit}, x to the right and y down."
        )
        content = [
            {"type": "image_url", "image_url": {"url": _data_url(picture), "detail": "high"}},
            {"type": "text", "text": asked},
        ]
        messages: list[Message] = [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": content},
        ]
        reply = self._client.chat(messages, self._generation)
        text = reply.text if "<think>" in reply.text else f"<think>{reply.reasoning}</think> {reply.text}"
        return Said(text, shown_frame(self._frame, picture))


def _at_most(picture: np.ndarray, side: int) -> np.ndarray:
    """The picture, shrunk where its longer side is too long for services."""
    factor = side / max(picture.shape[:2])
    if factor >= 1:
        return picture
    import cv2

    size = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
    shrunk: np.ndarray = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return shrunk


def _data_url(picture: np.ndarray) -> str:
    import cv2

    done, data = cv2.imencode(".png", np.ascontiguousarray(picture[:, :, ::-1]))
    if not done:
        raise ModelError("The picture cannot be encoded for the server: use a smaller one.")
    return "data:image/png;base64," + base64.b64encode(data.tobytes()).decode()
