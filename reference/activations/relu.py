"""relu: rectified linear unit.

    f(x) = x                                if x > threshold
    f(x) = negative_slope (x - threshold)   otherwise
    f(x) is at most max_value, unless that is None

With the defaults f(x) = max(x, 0).

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1).
"""

import numpy as np

from ..core import Array


def relu(
    x: Array,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> Array:
    """Keep what is above ``threshold``, damp the rest, and cap at ``max_value``.

    NaN gives NaN. With negative_slope = 0, -inf gives 0, as max(x, 0) does.

    Ambiguous: x = threshold, unless negative_slope and threshold make both readings equal.
    Readings: 0, as in the documented example relu([... 5 ...], threshold=5.) (here); x, as only
    values *below* the threshold are documented to be damped, and as in the formula of the layer
    ``ReLU``.

    Ambiguous: max_value < threshold. Here the damped values are capped too.

    >>> relu(np.array([-10.0, -5.0, 0.0, 5.0, 10.0]), negative_slope=0.5, max_value=6.0)
    array([-5. , -2.5,  0. ,  5. ,  6. ])
    >>> relu(np.array([-10.0, 5.0, 10.0]), threshold=5.0)
    array([ 0.,  0., 10.])
    """
    damped = negative_slope * (x - threshold) if negative_slope else 0.0
    y = np.where(x <= threshold, damped, x)
    return y if max_value is None else np.minimum(y, max_value)
