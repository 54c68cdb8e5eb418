// swift-tools-version: 6.0
import Foundation
import PackageDescription

/// FLINT 3 contains Arb; before it, Arb is a library of its own, which Debian calls `flint-arb`.
let isArbInsideFLINT = ["/usr/include", "/usr/local/include", "/opt/homebrew/include"].contains {
  FileManager.default.fileExists(atPath: $0 + "/flint/arb.h")
}
let arbLibraries: [LinkerSetting] = isArbInsideFLINT ? [] : [.linkedLibrary("flint-arb")]

/// The strict dependency order of the targets is part of the design: `MatrixCalculus` cannot see numbers and
/// `Evaluation` cannot see the laws, which is what makes the check of one by the other independent.
let package = Package(
  name: "AttentionHessian",
  platforms: [.macOS(.v14)],
  products: [
    .library(name: "AttentionHessian", targets: ["AttentionHessian"]),
    .executable(name: "hessian", targets: ["hessian"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: [
    .target(name: "CGMP", linkerSettings: [.linkedLibrary("gmp")]),
    .target(name: "CLAPACKE", linkerSettings: [.linkedLibrary("lapacke"), .linkedLibrary("blas")]),
    .target(name: "CFLINT", linkerSettings: arbLibraries + [.linkedLibrary("flint"), .linkedLibrary("gmp")]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CContraction", dependencies: ["CLAPACKE"]),
    .target(name: "CTraining"),
    .target(name: "Arithmetic", dependencies: ["CGMP", "CLAPACKE", "CFLINT"]),
    .target(name: "Formulas"),
    .target(name: "TensorFiles", dependencies: ["CZlib"]),
    .target(name: "Evaluation", dependencies: ["Arithmetic", "Formulas"]),
    .target(name: "Contraction", dependencies: ["CContraction", "Evaluation"]),
    .target(name: "MatrixCalculus", dependencies: ["Formulas"]),
    .target(name: "Transformers", dependencies: ["MatrixCalculus"]),
    .target(name: "Training", dependencies: ["Contraction", "CTraining", "TensorFiles", "Transformers"]),
    .target(name: "Typesetting", dependencies: ["Formulas"]),
    .target(
      name: "Studies",
      dependencies: ["Contraction", "Evaluation", "Training", "Transformers", "Typesetting", "TensorFiles"]),
    .target(name: "AttentionHessian", dependencies: ["Contraction", "Studies", "Training"]),
    .executableTarget(
      name: "hessian",
      dependencies: [
        "AttentionHessian", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "ArithmeticTests", dependencies: ["Arithmetic"]),
    .testTarget(name: "FormulasTests", dependencies: ["Formulas"]),
    .testTarget(name: "TensorFilesTests", dependencies: ["TensorFiles"], resources: [.copy("Fixtures")]),
    .testTarget(name: "EvaluationTests", dependencies: ["Evaluation", "Transformers"]),
    .testTarget(name: "ContractionTests", dependencies: ["CContraction", "Contraction", "Transformers"]),
    .testTarget(name: "MatrixCalculusTests", dependencies: ["MatrixCalculus", "Evaluation"]),
    .testTarget(name: "TransformersTests", dependencies: ["Transformers", "Evaluation"]),
    .testTarget(name: "TrainingTests", dependencies: ["Training"]),
    .testTarget(name: "TypesettingTests", dependencies: ["Typesetting"]),
    .testTarget(name: "StudiesTests", dependencies: ["AttentionHessian"]),
    .testTarget(name: "CommandTests", dependencies: ["hessian", "AttentionHessian"]),
  ],
  swiftLanguageModes: [.v6]
)
