import ArgumentParser
import AttentionHessian

extension HessianPart: @retroactive ExpressibleByArgument {}
