"""How pytest-xdist hands out the suite: an item at a time."""

from xdist.scheduler import LoadScopeScheduling


class ByItem(LoadScopeScheduling):
    """Tests that differ only in their parameters (property, dtype) go to one worker."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.split("[", 1)[0]
