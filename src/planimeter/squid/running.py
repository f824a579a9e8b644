"""Run the benchmark through Inspect from Python; ``planimeter squid run`` is this."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planimeter.errors import InputError, ModelError, PlanimeterError
from planimeter.paths import is_dir, is_file

_LOG_BUFFER = 50  # samples between writes
_RETRIES = 1  # of a sample that ends in an error nobody foresaw


def run_squid(
    data: str,
    out: str | Path = "logs",
    *,
    coder: Any = "builtin",
    base_url: str | None = None,
    segmenter: str = "oracle",
    noise: str = "",
    types: str | None = None,
    limit: int | None = None,
    images: str | None = None,
    workers: int = 2,
) -> Path:
    """Run one system on a data set; the log's path.

    Args:
        data: as for ``read_data_set``.
        out: folder of the log.
        coder: "builtin", a model's name, or an object with ``write`` (see ``planimeter.coder.Coder``).
        base_url: of the coder's server.
        segmenter: "oracle", "default", a name or a server's address.
        noise: how masks are degraded.
        types: only these question types, separated by commas.
        limit: only the first so many questions.
        images: where images inside parquet files are put.
        workers: questions answered at the same time.

    Raises:
        PlanimeterError: the data set or the system cannot be had.
    """
    inspect_ai = _inspect()
    from planimeter.squid.tasks import squid

    # Made here first, because Inspect would wrap an error of ours into its own.
    task = squid(
        data=str(Path(data).resolve()) if is_file(data) or is_dir(data) else data,
        coder=coder,
        segmenter=segmenter,
        noise=noise,
        base_url=base_url,
        types=types,
        limit=limit,
        images=images,
    )
    logs = inspect_ai.eval(
        task,
        model="none",
        log_dir=str(out),
        max_samples=workers,
        log_buffer=_LOG_BUFFER,
        retry_on_error=_RETRIES,
        display="none",
        score_display=False,
    )
    return _written(logs)


def resume_run(log: str | Path, workers: int = 2) -> Path:
    """Go on with a run that was ended; answers that are in the log are kept, none is counted twice.

    Args:
        log: of the run.
        workers: questions answered at the same time.

    Returns:
        the new log, with all answers.

    Raises:
        PlanimeterError: no such log, or the data set is gone.
    """
    inspect_ai = _inspect()
    from planimeter.squid import tasks  # noqa: F401  (registers the task that the log names)

    path = Path(log)
    if not is_file(path):
        raise InputError(f"There is no log {path}: give a log that planimeter squid run wrote.")
    logs = inspect_ai.eval_retry(
        str(path),
        log_dir=str(path.parent),
        max_samples=workers,
        log_buffer=_LOG_BUFFER,
        retry_on_error=_RETRIES,
        display="none",
        score_display=False,
    )
    return _written(logs)


def _written(logs: list[Any]) -> Path:
    log = logs[0]
    if log.status == "error" and log.error is not None:
        raise PlanimeterError(f"The run stopped: {log.error.message.strip()}; correct that and use --resume.")
    location = str(log.location)
    return Path(location.removeprefix("file://"))


def _inspect() -> Any:
    try:
        import inspect_ai
    except ModuleNotFoundError:
        raise ModelError("Running the benchmark needs the extra: pip install 'planimeter[squid]'.") from None
    return inspect_ai
