// swift-tools-version: 6.0
import PackageDescription

/// The benchmarks, apart from the package they measure, so that building that one needs nothing of this.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v14)],
  dependencies: [
    .package(name: "AttentionHessian", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  ],
  targets: [
    .target(name: "CAffinity"),
    .executableTarget(
      name: "benchmark",
      dependencies: [
        "CAffinity",
        .product(name: "AttentionHessian", package: "AttentionHessian"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "benchmarkTests", dependencies: ["benchmark"]),
  ],
  swiftLanguageModes: [.v6]
)
