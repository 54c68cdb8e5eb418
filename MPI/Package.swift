// swift-tools-version: 6.0
import PackageDescription

/// The mean over many samples on many machines, apart from the main package, which needs nothing of MPI.
let package = Package(
  name: "MPI",
  platforms: [.macOS(.v14)],
  products: [
    .library(name: "DistributedHessian", targets: ["DistributedHessian"]),
    .executable(name: "hessian-mpi", targets: ["hessian-mpi"]),
  ],
  dependencies: [
    .package(name: "AttentionHessian", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenMPI", pkgConfig: "ompi-c",
      providers: [.apt(["libopenmpi-dev", "openmpi-bin", "pkg-config"]), .brew(["open-mpi", "pkg-config"])]),
    .target(name: "CMPI", dependencies: ["COpenMPI"]),
    .target(
      name: "DistributedHessian",
      dependencies: ["CMPI", .product(name: "AttentionHessian", package: "AttentionHessian")]),
    .executableTarget(
      name: "hessian-mpi",
      dependencies: [
        "DistributedHessian", .product(name: "AttentionHessian", package: "AttentionHessian"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "mpi-check",
      dependencies: ["DistributedHessian", .product(name: "AttentionHessian", package: "AttentionHessian")]),
  ],
  swiftLanguageModes: [.v6]
)
