"""The layers, in the documentation's order."""

from .activation import Activation
from .add import Add
from .average import Average
from .concatenate import Concatenate
from .cropping import Cropping1D, Cropping2D, Cropping3D
from .dense import Dense
from .dot import Dot
from .einsum_dense import EinsumDense
from .elu import ELU
from .embedding import Embedding
from .flatten import Flatten
from .identity import Identity
from .input import Input
from .input_spec import InputSpec
from .lambda_ import Lambda
from .leaky_relu import LeakyReLU
from .masking import Masking
from .maximum import Maximum
from .minimum import Minimum
from .multiply import Multiply
from .permute import Permute
from .prelu import PReLU
from .relu import ReLU
from .repeat_vector import RepeatVector
from .reshape import Reshape
from .softmax import Softmax
from .subtract import Subtract
from .up_sampling import UpSampling1D, UpSampling2D, UpSampling3D
from .zero_padding import ZeroPadding1D, ZeroPadding2D, ZeroPadding3D

__all__ = [  # noqa: RUF022  (the documentation's order)
    # 6 core
    "Input",
    "InputSpec",
    "Dense",
    "EinsumDense",
    "Activation",
    "Embedding",
    "Masking",
    "Lambda",
    "Identity",
    # 14 reshaping
    "Reshape",
    "Flatten",
    "RepeatVector",
    "Permute",
    "Cropping1D",
    "Cropping2D",
    "Cropping3D",
    "UpSampling1D",
    "UpSampling2D",
    "UpSampling3D",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "ZeroPadding3D",
    # 15 merging
    "Concatenate",
    "Average",
    "Maximum",
    "Minimum",
    "Add",
    "Subtract",
    "Multiply",
    "Dot",
    # 16 activation layers
    "ReLU",
    "Softmax",
    "LeakyReLU",
    "PReLU",
    "ELU",
]
