"""Keep what is not the package (noxfile, this file) out of the wheel."""

from setuptools.command.build_py import build_py

NOT_IN_THE_WHEEL = {"noxfile", "setup_build", "setup"}


class BuildPy(build_py):
    """The root folder is the package, so its loose scripts must be named to stay out."""

    def find_package_modules(self, package: str, package_dir: str) -> list[tuple[str, str, str]]:
        """The package's modules, without the chores beside them."""
        found = super().find_package_modules(package, package_dir)
        return [m for m in found if package != "layerproof" or m[1] not in NOT_IN_THE_WHEEL]
