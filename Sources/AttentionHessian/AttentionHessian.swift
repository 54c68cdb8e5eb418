/// The whole library under one import: formulas and laws, exact and floating arithmetic, layers, derivations, bounds,
/// typesetting and studies.
@_exported import Arithmetic
@_exported import Contraction
@_exported import Evaluation
@_exported import Formulas
@_exported import MatrixCalculus
@_exported import Studies
@_exported import TensorFiles
@_exported import Training
@_exported import Transformers
@_exported import Typesetting
