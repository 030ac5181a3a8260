"""The project's chores. Every session runs in the environment that nox itself is installed in."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "typing", "tests", "mutants", "quick"]

ADAPTERS = ("keras:tensorflow", "keras:jax", "keras:torch")
SUITE = ("pytest", "conformance", "-q", "-n", "2")


@contextmanager
def timed(session: nox.Session, what: str) -> Iterator[None]:
    """Print how long a part took."""
    start = time.monotonic()
    yield
    session.log(f"{what}: {time.monotonic() - start:.0f} s")


@nox.session
def lint(session: nox.Session) -> None:
    """Style: ruff, every rule, each exception with its reason in pyproject.toml."""
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def typing(session: nox.Session) -> None:
    """Types: mypy over the library, under the name that it has where it is installed."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "layerproof").symlink_to(Path(__file__).parent, target_is_directory=True)
        session.run("mypy", "-p", "layerproof", env={"MYPYPATH": folder})


@nox.session
def tests(session: nox.Session) -> None:
    """The project's own tests: oracle, bounds, protocol, plugin, pages."""
    with timed(session, "tests"):
        session.run("pytest", "tests", "-q", "-n", "2", "--dist", "loadfile", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Every mutant is killed by the conformance file of its item."""
    with timed(session, "mutants"):
        session.run("python", "-m", "layerproof.conformance.kills", *session.posargs)


@nox.session
def quick(session: nox.Session) -> None:
    """The quick profile on every adapter."""
    for adapter in ADAPTERS:
        with timed(session, f"quick on {adapter}"):
            folder = f"compliance/{adapter.replace(':', '-')}"
            session.run(*SUITE, f"--adapter={adapter}", f"--report={folder}")


@nox.session
def conformance(session: nox.Session) -> None:
    """The suite on one adapter: nox -s conformance -- --adapter=keras:jax --profile=standard."""
    session.run(*SUITE, *(session.posargs or ["--adapter=keras"]))


@nox.session
def nightly(session: nox.Session) -> None:
    """The standard profile on every adapter; its records are kept under docs/records."""
    for adapter in ADAPTERS:
        folder = f"docs/records/{adapter.replace(':', '-')}"
        with timed(session, f"standard on {adapter}"):
            session.run(*SUITE, f"--adapter={adapter}", "--profile=standard", f"--report={folder}")
