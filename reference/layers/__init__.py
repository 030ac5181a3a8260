"""The layers, in the documentation's order."""

from .activation import Activation
from .add import Add
from .additive_attention import AdditiveAttention
from .attention import Attention
from .average import Average
from .average_pooling import AveragePooling1D, AveragePooling2D, AveragePooling3D
from .batch_normalization import BatchNormalization
from .bidirectional import Bidirectional
from .concatenate import Concatenate
from .conv import Conv1D, Conv2D, Conv3D
from .conv_lstm import ConvLSTM1D, ConvLSTM2D, ConvLSTM3D
from .conv_transpose import Conv1DTranspose, Conv2DTranspose, Conv3DTranspose
from .cropping import Cropping1D, Cropping2D, Cropping3D
from .dense import Dense
from .depthwise_conv import DepthwiseConv1D, DepthwiseConv2D
from .dot import Dot
from .einsum_dense import EinsumDense
from .elu import ELU
from .embedding import Embedding
from .flatten import Flatten
from .global_average_pooling import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
)
from .global_max_pooling import GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D
from .group_normalization import GroupNormalization
from .group_query_attention import GroupQueryAttention
from .gru import GRU, GRUCell
from .identity import Identity
from .input import Input
from .input_spec import InputSpec
from .lambda_ import Lambda
from .layer_normalization import LayerNormalization
from .leaky_relu import LeakyReLU
from .lstm import LSTM, LSTMCell
from .masking import Masking
from .max_pooling import MaxPooling1D, MaxPooling2D, MaxPooling3D
from .maximum import Maximum
from .minimum import Minimum
from .multi_head_attention import MultiHeadAttention
from .multiply import Multiply
from .permute import Permute
from .prelu import PReLU
from .relu import ReLU
from .repeat_vector import RepeatVector
from .reshape import Reshape
from .rnn import RNN
from .separable_conv import SeparableConv1D, SeparableConv2D
from .simple_rnn import SimpleRNN, SimpleRNNCell
from .softmax import Softmax
from .stacked_rnn_cells import StackedRNNCells
from .subtract import Subtract
from .time_distributed import TimeDistributed
from .unit_normalization import UnitNormalization
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
    # 7 convolution
    "Conv1D",
    "Conv2D",
    "Conv3D",
    "SeparableConv1D",
    "SeparableConv2D",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "Conv1DTranspose",
    "Conv2DTranspose",
    "Conv3DTranspose",
    # 8 pooling
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalMaxPooling3D",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAveragePooling3D",
    # 9 recurrent
    "LSTM",
    "LSTMCell",
    "GRU",
    "GRUCell",
    "SimpleRNN",
    "TimeDistributed",
    "Bidirectional",
    "ConvLSTM1D",
    "ConvLSTM2D",
    "ConvLSTM3D",
    "RNN",
    "SimpleRNNCell",
    "StackedRNNCells",
    # 11 normalization
    "BatchNormalization",
    "LayerNormalization",
    "UnitNormalization",
    "GroupNormalization",
    # 13 attention
    "GroupQueryAttention",
    "MultiHeadAttention",
    "Attention",
    "AdditiveAttention",
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
