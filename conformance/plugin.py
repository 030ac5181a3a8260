"""The pytest plugin: options, one test per cell, the record, the summary, exit codes.

Nothing but pytest is imported before ``--adapter`` is given, so that the plugin costs nothing in
projects that only have it installed.

Exit codes: 0 the implementation conforms; 1 it does not (fail, crash, timeout, not-run, thin, or a
stale deviation); 2 usage; 3 the adapter could not start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from .session import Session
    from .spec import Spec

SESSION = pytest.StashKey["Session"]()

OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--adapter", {"help": "what to test: keras, keras:BACKEND, reference, mutant:NAME, "
                           "package.module:Class, process:COMMAND, or an entry point"}),
    ("--device", {"default": "cpu", "help": "cpu or cuda"}),
    ("--dtype", {"action": "append", "default": [], "help": "only this dtype (repeatable)"}),
    ("--seed", {"type": int, "default": 0, "help": "seed of every draw"}),
    ("--profile", {"default": "quick", "help": "quick, standard, thorough or exhaustive"}),
    ("--report", {"default": "compliance", "metavar": "DIR", "help": "where the report goes"}),
    ("--deviations", {"action": "append", "default": [], "metavar": "FILE",
                      "help": "declared disagreements (repeatable)"}),
    ("--no-deviations", {"action": "store_true", "help": "show every disagreement as a failure"}),
    ("--shard", {"default": "", "metavar": "i/n", "help": "only the i-th of n parts"}),
    ("--save-cases", {"default": "", "metavar": "DIR", "help": "store every case judged"}),
    ("--cases", {"default": "", "metavar": "PATH", "help": "judge these stored cases instead"}),
    ("--isolate", {"action": "store_true", "default": True, "dest": "isolate",
                   "help": "run the implementation in a process of its own (default)"}),
    ("--no-isolate", {"action": "store_false", "dest": "isolate",
                      "help": "run it in this process, for debugging"}),
)  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; a name that is taken is a usage error."""
    group = parser.getgroup("layerproof", "layerproof: conformance of Keras layers")
    for name, settings in OPTIONS:
        try:
            group.addoption(name, **settings)
        except ValueError:
            message = (
                f"layerproof: another pytest plugin already has {name}; disable it with -p no:…"
            )
            raise pytest.UsageError(message) from None


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start a session if an adapter is named."""
    if config.getoption("--adapter") is None:
        return
    from .session import Session, UsageError

    try:
        config.stash[SESSION] = Session(config)
    except UsageError as error:
        pytest.exit(f"layerproof: {error}", returncode=2)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per cell of the item that the function declares."""
    spec = getattr(metafunc.function, "spec", None)
    if spec is None or "cell" not in metafunc.fixturenames:
        return
    if SESSION not in metafunc.config.stash:
        raise pytest.UsageError("conformance tests need --adapter=…, for example --adapter=keras")
    cells, ids = metafunc.config.stash[SESSION].cells_of(spec)
    metafunc.parametrize("cell", cells, ids=ids, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the items of other shards."""
    if SESSION not in config.stash:
        return
    session = config.stash[SESSION]
    kept, left_out = [], []
    for item in items:
        spec = getattr(getattr(item, "function", None), "spec", None)
        if spec is None or session.selects(spec.item):
            kept.append(item)
        else:
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Send all properties of an item to one worker: they share its surveys."""
    if SESSION not in config.stash or config.getvalue("dist") != "load":
        return None
    from .distribution import ByItem

    return ByItem(config, log)


@pytest.fixture
def cell(request: pytest.FixtureRequest) -> Callable[[Spec], None]:
    """Judge the test's cell: run the item's survey if it has not run, and fail where it is red."""
    session = request.config.stash[SESSION]
    property_, dtype = request.param

    def judge(spec: Spec) -> None:
        found = session.judge(spec, property_, dtype)
        request.node.user_properties += found.brought
        if found.skip:
            pytest.skip(found.skip)
        if found.red:
            pytest.fail(found.red, pytrace=False)

    return judge


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Record what a test found, wherever it ran."""
    session = _controller()
    if session is None:
        return
    if report.when == "call" and report.user_properties:
        session.recorder.take(report.user_properties)
    elif report.failed:
        session.recorder.note_error()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # noqa: ARG001
    """Hear from a worker that ends whether its adapter could start."""
    session = _controller()
    reason = getattr(node, "workeroutput", {}).get("layerproof adapter error")
    if session is not None and reason:
        session.adapter_error = reason


def pytest_sessionstart(session: pytest.Session) -> None:
    """Remember the configuration."""
    global _config  # noqa: PLW0603  (logreport has no other way to the configuration)
    _config = session.config


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write record and page, and set the exit code; in a worker, tell the controller."""
    found = session.config.stash.get(SESSION, None)
    if found is None:
        return
    found.close()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["layerproof adapter error"] = found.adapter_error
        return
    session.exitstatus = found.finish(exitstatus)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the end of the run."""
    session = config.stash.get(SESSION, None)
    if session is not None and not hasattr(config, "workerinput"):
        for line in session.summary():
            terminalreporter.write_line(line)


_config: pytest.Config | None = None


def _controller() -> Session | None:
    """The session of the process that records, None in an xdist worker or without an adapter."""
    if _config is None or hasattr(_config, "workerinput"):
        return None
    return _config.stash.get(SESSION, None)
