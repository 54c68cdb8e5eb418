import ArgumentParser
import AttentionHessian

extension AttentionKernel: ExpressibleByArgument {}
extension Route: ExpressibleByArgument {}
extension HessianPart: ExpressibleByArgument {}
