"""Commands run in this process, as a user would start them: arguments, standard input, a folder, limits."""

import importlib
import io
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .cases import Case, Json, Result, Step

ROOT = Path(__file__).resolve().parents[2]
_SERVED = {"Pod", "ConfigMap", "InferenceService", "ServingRuntime", "ClusterServingRuntime"}


class _TooLong(BaseException):
    """A command took longer than it may. No Exception, so that nothing takes it for an error of its own."""


def limit_memory(mebibytes: int) -> None:
    """Let this process have so much more memory than it has now."""
    with suppress(OSError, AttributeError):  # not glibc: each thread may then reserve more than it uses
        importlib.import_module("ctypes").CDLL(None).mallopt(-8, 1)
    pages = (
        int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) if Path("/proc/self/statm").exists() else 0
    )
    size = pages * resource.getpagesize()
    if size:
        resource.setrlimit(resource.RLIMIT_AS, (size + mebibytes * 2**20, resource.RLIM_INFINITY))


class Runner:
    """Runs the commands of inputs in a folder of its own; `seconds` of processor time are what one may take."""

    def __init__(self, main: Callable[[list[str]], int], folder: Path, seconds: float) -> None:
        self.main = main
        self.folder = folder
        self.seconds = seconds
        self.api: Any = None
        signal.signal(signal.SIGPROF, _give_up)
        (folder / ".git").mkdir()  # no project file above it counts
        os.environ["HOME"] = str(folder)

    def run(self, case: Case) -> list[Result]:
        """Run all steps, each from what the one before has left."""
        place = self.folder / "case"
        place.mkdir()
        os.chdir(place)
        try:
            for name, content in case.files.items():
                Path(name).write_bytes(content)
            with self._cluster(case) if case.is_live else _nothing():
                return [self._step(case, step, place) for step in case.steps]
        finally:
            os.chdir(self.folder)
            _remove(place)

    def _step(self, case: Case, step: Step, place: Path) -> Result:
        named = "./" + case.manifest if case.manifest.startswith("-") else case.manifest
        arguments = [named if argument == "FILE" else argument for argument in step.arguments]
        given = Path(case.manifest).read_bytes() if step.use_stdin else b""
        result = self.command(arguments, given)
        if "this is a bug" in result.err:
            result = result._replace(crash=self._crash(arguments, given))
        if case.is_live:
            return result._replace(files=self._stored())
        return result._replace(files={path.name: path.read_bytes() for path in place.iterdir() if path.is_file()})

    def command(self, arguments: list[str], given: bytes = b"") -> Result:
        """Run one command."""
        kept = sys.stdin, sys.stdout, sys.stderr
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2)]
        sys.stdin = io.TextIOWrapper(io.BytesIO(given), encoding="utf-8")
        sys.stdout, sys.stderr = streams
        code: int | str
        crash = ""
        start = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, self.seconds, 0.5)
        try:
            code = self.main(arguments)
        except _TooLong:
            code = "too long"
        except BaseException as error:
            code, crash = "crash", _where(error)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            sys.stdin, sys.stdout, sys.stderr = kept
        seconds = time.process_time() - start
        texts = []
        for stream in streams:
            with suppress(ValueError):  # a stream that the command has closed
                stream.flush()
            texts.append(stream.buffer.getvalue().decode(errors="surrogateescape"))
        return Result(code, texts[0], texts[1], seconds, {}, crash)

    def _crash(self, arguments: list[str], given: bytes) -> str:
        """Run a command that has failed again, to see where."""
        os.environ["ISVCLOG_DEBUG"] = "1"
        try:
            return self.command(arguments, given).crash or "not again"
        finally:
            del os.environ["ISVCLOG_DEBUG"]

    # Clusters

    @contextmanager
    def _cluster(self, case: Case) -> Iterator[None]:
        """Fill the stand-in for an API server; it is started for the first input that needs it."""
        if self.api is None:
            self.api = importlib.import_module("apiserver").ApiServer()
            self.api.start()
            os.environ["KUBECONFIG"] = self.api.kubeconfig(self.folder, namespace="ml")
        api, store = self.api, importlib.import_module("apistore").Store()
        api.store, api.requests, api._faults, api.warnings = store, [], [], list(case.warnings)
        for item in case.objects:
            with suppress(Exception):  # what the stand-in itself cannot store is no input
                _store(api, item)
        for answer in case.answers:
            api.fail(answer.prefix, answer.status, -1, body=answer.body.encode("utf-8", "surrogatepass"))
        self.sent: list[Json] = api.requests
        yield

    def _stored(self) -> dict[str, bytes]:
        """Return what the cluster stores and what it was asked to change."""
        found = self.api.store.stored["inferenceservices"]
        files = {f"{namespace}/{name}": stored.data for (namespace, name), stored in found.items()}
        patches = [request for request in self.api.requests if request.method == "PATCH"]
        files["patches"] = b"%d" % len(patches)
        files["kept patches"] = b"%d" % sum(request.query.get("dryRun") != "All" for request in patches)
        return files

    def close(self) -> None:
        """End the stand-in."""
        if self.api:
            self.api.stop()


def _store(api: Any, item: Json) -> None:
    usable = isinstance(item, dict) and item.get("kind") in _SERVED
    metadata = item.get("metadata") if usable else None
    if (
        isinstance(metadata, dict)
        and all(isinstance(metadata.get(key, ""), str) for key in ("name", "namespace"))
        and "name" in metadata
        and isinstance(metadata.get("labels") or {}, dict)
    ):
        api.add(item)
        return
    api.add_raw("inferenceservices", item)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _give_up(*_: object) -> None:
    raise _TooLong


def _where(error: BaseException) -> str:
    """Describe an error by its kind and the last place in the package, and add the whole trace."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        frame for frame in frames if "/isvclog/" in frame.filename and "/evaluations/" not in frame.filename
    ] or list(frames)
    last = own[-1] if own else None
    place = f" in {last.filename.rpartition('/isvclog/')[2]} {last.name}" if last else ""
    return f"{type(error).__name__}{place}\n" + "".join(traceback.format_exception(error))


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            _remove(path)
        else:
            path.unlink()
    folder.rmdir()
