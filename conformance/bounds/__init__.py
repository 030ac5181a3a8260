"""The bounds engine: how far an implementation may be from the oracle, derived and explained.

``expect`` runs the unmodified oracle once on arrays that carry all Monte-Carlo samples on a hidden
axis, and gives value and bound of every output element; ``expect_directional`` does it for
derivatives. Nothing here is tuned per item, and operations outside the tables are refused.

    formats.py      dtypes                     arithmetic.py  the noise model
    operations.py   the elementwise table      sampled.py     arrays of samples
    layout.py       moving elements            dual.py        derivatives
    contraction.py  sums of products           spread.py      statistics of samples
    composites.py   functions of functions     expected.py, directional.py, kinks.py, exactness.py,
                                               compare.py, gain.py: what the suite calls
"""

from . import sampled_functions  # noqa: F401  (fills the table)
from .compare import Comparison, compare
from .directional import expect_directional, expect_elementwise
from .dual import value_of
from .exactness import no_rounding
from .expected import Expected, Function, expect
from .formats import FORMATS, Format
from .gain import Gain, gain
from .kinks import kinks, subgradients
from .methods import Refused
from .spread import Disagreement

__all__ = [
    "FORMATS",
    "Comparison",
    "Disagreement",
    "Expected",
    "Format",
    "Function",
    "Gain",
    "Refused",
    "compare",
    "expect",
    "expect_directional",
    "expect_elementwise",
    "gain",
    "kinks",
    "no_rounding",
    "subgradients",
    "value_of",
]
