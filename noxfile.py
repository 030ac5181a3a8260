"""The project's chores. Every session runs in the environment that nox itself is installed in."""

import lzma
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "typing", "tests", "mutants", "quick"]

SUITE = ("pytest", "conformance", "-q", "-n", "2")
STANDARD = (*SUITE, "--profile=standard")
on_every_backend = nox.parametrize("backend", ["tensorflow", "jax", "torch"])


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
    with TemporaryDirectory() as folder, timed(session, "typing"):
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
@on_every_backend
def quick(session: nox.Session, backend: str) -> None:
    """The quick profile on Keras."""
    with timed(session, f"quick on keras:{backend}"):
        session.run(*SUITE, f"--adapter=keras:{backend}", f"--report=compliance/{backend}")


@nox.session
def conformance(session: nox.Session) -> None:
    """The suite on one adapter: nox -s conformance -- --adapter=keras:jax --profile=standard."""
    session.run(*SUITE, *(session.posargs or ["--adapter=keras"]))


@nox.session
@on_every_backend
def nightly(session: nox.Session, backend: str) -> None:
    """The standard profile on Keras; its record is kept under docs/records, also when it is red."""
    record = Path(f"compliance/standard-{backend}/record.json")
    with timed(session, f"standard on keras:{backend}"):
        try:
            session.run(*STANDARD, f"--adapter=keras:{backend}", f"--report={record.parent}")
        finally:
            Path(f"docs/records/{backend}.json.xz").write_bytes(lzma.compress(record.read_bytes()))
