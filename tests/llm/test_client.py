"""The client against a server that does everything wrong that servers do."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from planimeter.coder.llm import ChatClient, Generation, ReplyCache
from planimeter.coder.llm.client import key_from_environment, shown_url
from planimeter.coder.llm.failures import Failure
from planimeter.errors import ModelError, PlanimeterError, UsageError

ASKED = [{"role": "system", "content": "Write a program."}, {"role": "user", "content": "How many ponds?"}]


def client_of(server: Any, timeout: float = 20.0, cache: ReplyCache | None = None) -> ChatClient:
    return ChatClient("scripted", server.url, timeout=timeout, cache=cache)


def ask(server: Any, timeout: float = 20.0, **generation: Any) -> Any:
    return client_of(server, timeout).chat(ASKED, Generation(**generation))


def test_a_plain_reply(server: Any) -> None:
    server.play("answer = 1")
    reply = ask(server, max_tokens=77)
    assert (reply.text, reply.finish_reason) == ("answer = 1", "stop")
    assert (reply.prompt_tokens, reply.completion_tokens, reply.cost) == (1200, 80, None)
    assert reply.seconds > 0
    sent = server.requests[0]
    assert sent["path"] == "/v1/chat/completions"
    assert sent["body"] == {"model": "scripted", "messages": ASKED, "temperature": 0.0, "max_tokens": 77}


def test_cost_reasoning_and_parts_are_read_where_servers_send_them(server: Any, scripts: Any) -> None:
    usage = {
        "prompt_tokens": 5,
        "completion_tokens": 50,
        "cost": 0.00123,
        "completion_tokens_details": {"reasoning_tokens": 40},
    }
    parts = [{"type": "text", "text": "answer"}, {"type": "text", "text": " = 1"}]
    server.play(scripts.says(parts, usage=usage, reasoning_content="Hm."))
    reply = ask(server)
    assert (reply.text, reply.reasoning) == ("answer = 1", "Hm.")
    assert (reply.cost, reply.reasoning_tokens) == (0.00123, 40)


@pytest.mark.parametrize(
    ("message", "dropped"),
    [
        ("Unsupported value: 'temperature' does not support 0 with this model.", "temperature"),
        ("Unrecognized request argument supplied: reasoning_effort", "reasoning_effort"),
        ("seed: Extra inputs are not permitted", "seed"),
    ],
)
def test_what_a_server_does_not_support_is_left_out(
    server: Any, scripts: Any, message: str, dropped: str
) -> None:
    server.play(scripts.refuses(400, message), "answer = 1")
    client = client_of(server)
    wanted = Generation(temperature=0.0, reasoning_effort="low", seed=3)
    reply = client.chat(ASKED, wanted)
    assert reply.text == "answer = 1"
    assert reply.dropped == (dropped,)
    assert dropped in server.requests[0]["body"]
    assert dropped not in server.requests[1]["body"]
    client.chat(ASKED, wanted)
    assert len(server.requests) == 3, "what was learnt is not asked again"


def test_max_tokens_goes_by_the_name_the_server_knows(server: Any, scripts: Any) -> None:
    server.play(
        scripts.refuses(
            400,
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            param="max_tokens",
        ),
        "answer = 1",
    )
    assert ask(server, max_tokens=99).text == "answer = 1"
    assert server.requests[1]["body"]["max_completion_tokens"] == 99
    assert "max_tokens" not in server.requests[1]["body"]


def test_a_model_without_a_system_role_gets_one_message(server: Any, scripts: Any) -> None:
    server.play(scripts.refuses(400, "System role not supported"), "answer = 1")
    assert ask(server).dropped == ("system",)
    assert server.requests[1]["body"]["messages"] == [
        {"role": "user", "content": "Write a program.\n\nHow many ponds?"}
    ]


def test_a_refusal_that_names_nothing_optional_is_final(server: Any, scripts: Any) -> None:
    server.play(scripts.refuses(400, "The context window is 512 tokens."))
    with pytest.raises(
        ModelError, match=r"refused the request \(HTTP 400\) \(The context window is 512 tokens\)"
    ):
        ask(server)
    assert len(server.requests) == 1


def test_401_names_the_remedy_and_is_not_retried(server: Any, scripts: Any) -> None:
    server.play(scripts.refuses(401, "Incorrect API key provided."))
    with pytest.raises(ModelError, match="set PLANIMETER_API_KEY"):
        ask(server)
    assert len(server.requests) == 1


def test_404_names_the_model(server: Any, scripts: Any) -> None:
    server.play(scripts.refuses(404, "model 'scripted' not found, try pulling it first"))
    with pytest.raises(ModelError, match=r"There is no model 'scripted'.*try pulling it first.*the address"):
        ask(server)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the client waits between requests, collected instead of waited."""
    waited: list[float] = []
    clock = SimpleNamespace(perf_counter=time.perf_counter, sleep=waited.append)
    monkeypatch.setattr("planimeter.coder.llm.client.time", clock)
    return waited


def test_429_waits_as_long_as_the_server_says(server: Any, scripts: Any, waits: list[float]) -> None:
    server.play(scripts.refuses(429, "slow down", {"Retry-After": "7"}), "answer = 1")
    assert ask(server).text == "answer = 1"
    assert waits == [7.0]
    assert len(server.requests) == 2


def test_429_with_a_wait_beyond_patience_is_given_back_at_once(
    server: Any, scripts: Any, waits: list[float]
) -> None:
    server.play(scripts.refuses(429, "quota is used up", {"Retry-After": "3600"}))
    with pytest.raises(ModelError, match=r"limiting requests for 3600 s \(quota is used up\)"):
        ask(server)
    assert waits == []
    assert len(server.requests) == 1


def test_500_is_tried_three_times(server: Any, scripts: Any, waits: list[float]) -> None:
    server.play(scripts.answers(500, b"<html>boom</html>", {"Content-Type": "text/html"}))
    with pytest.raises(ModelError, match="failed with HTTP 500"):
        ask(server)
    assert len(server.requests) == 3
    assert waits == [0.5, 1.0]


def test_503_may_pass(server: Any, scripts: Any) -> None:
    server.play(scripts.refuses(503, "loading the model", {"Retry-After": "0"}), "answer = 1")
    assert ask(server).text == "answer = 1"


@pytest.mark.parametrize("script", ["hangs", "trickles"])
def test_a_server_that_does_not_finish_is_left(server: Any, scripts: Any, script: str) -> None:
    # Waited for to its end, the one would break off and the other be no JSON: other errors than this.
    server.play(getattr(scripts, script)())
    with pytest.raises(ModelError, match="did not answer in time"):
        ask(server, timeout=0.6)


def test_a_reply_that_breaks_off_is_asked_for_again(server: Any, scripts: Any) -> None:
    server.play(scripts.cut_off("answer = 1"), "answer = 1")
    assert ask(server).text == "answer = 1"
    server.play(scripts.cut_off("answer = 1"))
    with pytest.raises(ModelError, match="broke off in the middle of a reply"):
        ask(server)


def test_a_reply_without_end_is_not_read_to_its_end(server: Any, scripts: Any) -> None:
    server.play(scripts.floods(64))
    with pytest.raises(ModelError, match="does not end"):
        ask(server)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"<html>Welcome to nginx</html>",
        {},
        {"choices": []},
        {"choices": None},
        {"choices": [{}]},
        {"choices": [{"message": None}]},
        {"choices": [{"message": "text"}]},
        [],
        "text",
        7,
        {"error": "model is loading"},
    ],
)
def test_what_is_no_completion_is_said_to_be_none(server: Any, scripts: Any, body: Any) -> None:
    server.play(scripts.answers(200, body))
    with pytest.raises(ModelError, match=r"did not send a chat completion.*usually ends in /v1"):
        ask(server)


@pytest.mark.parametrize("content", [None, "", 7, [7], [{"type": "image"}], {"text": "x"}])
def test_a_message_without_text_is_an_empty_reply(server: Any, scripts: Any, content: Any) -> None:
    server.play(scripts.says(content, usage={"prompt_tokens": "many", "completion_tokens": -3}))
    reply = ask(server)
    assert (reply.text, reply.prompt_tokens, reply.completion_tokens) == ("", None, None)


def test_nobody_there(server: Any) -> None:
    client = ChatClient("scripted", "http://127.0.0.1:9/v1", timeout=20.0, cache=None)
    with pytest.raises(ModelError, match=r"Nothing answers at http://127\.0\.0\.1:9/v1"):
        client.chat(ASKED, Generation())


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8000/v1",
        "ftp://x/v1",
        "http://",
        "file:///etc/passwd",
        "v1",
        "http://localhost:abc/v1",
        "http://host:99999/v1",
        "http://[::1/v1",
        "http://a\nb/v1",
    ],
)
def test_a_base_url_must_be_an_address(url: str) -> None:
    with pytest.raises(UsageError, match="is not an address"):
        ChatClient("scripted", url, cache=None)


@pytest.mark.parametrize(
    "url", ["http://a%/v1", "http://xn--\u00fc/v1", "http://." + "a" * 300 + "/v1", "http://*/v1"]
)
def test_an_address_that_no_library_takes_is_a_sentence(url: str) -> None:
    with pytest.raises(PlanimeterError):
        ChatClient("scripted", url, timeout=2.0, cache=None).chat(ASKED, Generation())


def test_an_address_that_is_none_is_shown_without_its_secrets() -> None:
    with pytest.raises(UsageError) as failure:
        ChatClient("scripted", "http://me:hidden@host:99999/v1?key=hidden", cache=None)
    assert "hidden" not in str(failure.value)
    assert shown_url("http://me:pass@[::1]:8000/v1") == "http://[::1]:8000/v1"


def test_a_body_of_endless_brackets_is_no_completion(server: Any) -> None:
    for body in (b"[" * 200_000, b'{"a":' * 200_000):
        with pytest.raises(Failure, match="nonsense"):
            client_of(server)._read(body)


def test_half_a_character_in_question_or_reply_is_replaced_and_the_reply_kept(
    server: Any, scripts: Any, tmp_path: Path
) -> None:
    server.play(scripts.says("answer = '\ud800'", reasoning_content="\udce9"))
    client = client_of(server, cache=ReplyCache(tmp_path))
    asked = [ASKED[0], {"role": "user", "content": [{"type": "text", "text": "caf\udce9?"}]}]
    first = client.chat(asked, Generation())
    assert (first.text, first.reasoning) == ("answer = '?'", "?")
    assert client.chat(asked, Generation()).cached
    assert server.requests[0]["body"]["messages"][1]["content"][0]["text"] == "caf??"


@pytest.mark.parametrize("cost", ["1" + "0" * 400, "NaN", "Infinity", "-1", "true"])
def test_a_cost_that_is_no_amount_is_none(server: Any, cost: str) -> None:
    body = f'{{"choices": [{{"message": {{"content": "answer = 1"}}}}], "usage": {{"cost": {cost}}}}}'
    reply = client_of(server)._read(body.encode())
    assert (reply.text, reply.cost) == ("answer = 1", None)


# -- keys
# ------------------------------------------------------------------------------------------------------

SECRET = "sk-very-secret-0123456789"


def test_a_key_goes_only_where_it_belongs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    assert key_from_environment("https://api.openai.com/v1") == SECRET
    assert key_from_environment("http://elsewhere.example/v1") is None
    monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere.example/v1/")
    assert key_from_environment("http://elsewhere.example/v1") == SECRET
    monkeypatch.setenv("PLANIMETER_API_KEY", "other")
    assert key_from_environment("http://localhost:8000/v1") == "other"


@pytest.mark.parametrize("variable", ["PLANIMETER_API_KEY", "OPENAI_API_KEY"])
def test_a_key_that_was_copied_with_more_than_itself(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, f" {SECRET}\r\n")
    assert key_from_environment("https://api.openai.com/v1") == SECRET
    for damaged in (f"\u201c{SECRET}\u201d", f"{SECRET}\n{SECRET}", f"{SECRET}\u200b"):
        monkeypatch.setenv(variable, damaged)
        with pytest.raises(ModelError, match=f"The key in {variable} holds a character") as failure:
            key_from_environment("https://api.openai.com/v1")
        assert SECRET not in str(failure.value)


def test_a_server_of_ones_own_gets_no_key_of_openai(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    server.play("answer = 1")
    ask(server)
    assert SECRET not in str(server.requests)


def test_the_key_is_nowhere_but_in_the_request(
    server: Any,
    scripts: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Even where a server repeats it in replies and errors, at the most talkative log level."""
    monkeypatch.setenv("PLANIMETER_API_KEY", SECRET)
    caplog.set_level("DEBUG")
    cache = ReplyCache(tmp_path / "replies")
    client = ChatClient("scripted", server.url, timeout=20.0, cache=cache)
    server.play(
        scripts.says(f"# {SECRET}\nanswer = 1", reasoning_content=f"my key is {SECRET}"),
        scripts.refuses(401, f"The key {SECRET} is wrong."),
        scripts.answers(200, {"oops": SECRET}),
        scripts.refuses(418, SECRET),
    )
    seen = [repr(client.chat(ASKED, Generation()))]
    assert SECRET in server.requests[0]["headers"]["authorization"]
    for temperature in (0.1, 0.2, 0.3):
        with pytest.raises(PlanimeterError) as failure:
            client.chat(ASKED, Generation(temperature=temperature))
        chain: BaseException | None = failure.value
        while chain is not None:
            seen.append(
                f"{chain!r} {chain}" if chain is failure.value or not chain.__suppress_context__ else ""
            )
            chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    seen += [repr(client), client.shown_url, caplog.text, *capfd.readouterr()]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    seen += [path.read_text() for path in written]
    assert not any(SECRET in text for text in seen)


def test_a_password_in_the_address_is_not_shown(server: Any) -> None:
    assert shown_url("http://me:pass@127.0.0.1:9/v1?key=1") == "http://127.0.0.1:9/v1"
    client = ChatClient("scripted", "http://me:pass@127.0.0.1:9/v1", timeout=20.0, cache=None)
    with pytest.raises(ModelError) as failure:
        client.chat(ASKED, Generation())
    assert "pass" not in str(failure.value)


# -- cache
# -----------------------------------------------------------------------------------------------------


def test_the_same_request_is_answered_from_disk(server: Any, tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path)
    server.play("answer = 1", "answer = 2")
    first = client_of(server, cache=cache).chat(ASKED, Generation())
    second = client_of(server, cache=cache).chat(ASKED, Generation())
    assert (first.cached, second.cached) == (False, True)
    assert (second.text, second.seconds, second.prompt_tokens) == ("answer = 1", 0.0, 1200)
    assert len(server.requests) == 1


def test_whatever_shapes_a_reply_is_part_of_the_key(server: Any, tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path)
    server.play("answer = 1")
    client = client_of(server, cache=cache)
    client.chat(ASKED, Generation())
    client.chat(ASKED[:1], Generation())
    for field, value in {"temperature": 0.5, "max_tokens": 5, "reasoning_effort": "low", "seed": 1}.items():
        client.chat(ASKED, Generation(**{field: value}))
    client.chat(ASKED, Generation(), {"continue_final_message": True})
    ChatClient("another", server.url, cache=cache).chat(ASKED, Generation())
    assert len(server.requests) == 8


def test_failures_and_empty_replies_are_not_kept(server: Any, scripts: Any, tmp_path: Path) -> None:
    server.play(scripts.refuses(400, "no"), scripts.says(None), "answer = 1")
    client = client_of(server, cache=ReplyCache(tmp_path))
    with pytest.raises(ModelError):
        client.chat(ASKED, Generation())
    assert client.chat(ASKED, Generation()).text == ""
    assert client.chat(ASKED, Generation()).text == "answer = 1"


def test_a_damaged_entry_is_a_miss(server: Any, tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path)
    for damage in ("", "{", "[]", "null", '{"text"'):
        server.play("answer = 1")
        client_of(server, cache=cache).chat(ASKED, Generation())
        (entry,) = tmp_path.glob("*.reply.json")
        entry.write_text(damage)
        assert client_of(server, cache=cache).chat(ASKED, Generation()).text == "answer = 1"


def test_the_cache_keeps_its_size_and_drops_the_oldest(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path, max_bytes=5_000)
    for number in range(20):
        cache.put({"n": number}, {"text": "x" * 1000})
        for entry in tmp_path.iterdir():  # a second older with every reply that comes after it
            age = entry.stat().st_mtime - 1
            os.utime(entry, (age, age))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 5_000
    assert cache.get({"n": 19}) is not None
    assert cache.get({"n": 0}) is None


def test_a_cache_that_cannot_be_written_is_no_error(server: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    server.play("answer = 1")
    assert client_of(server, cache=ReplyCache(tmp_path / "file" / "x")).chat(ASKED, Generation()).text
