// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let package = Package(
    name: "inquest",
    products: [
        .executable(name: "inquest", targets: ["inquest"]),
        .executable(name: "inquest-verify", targets: ["inquest-verify"]),
        .library(name: "Inquest", targets: ["EventModel", "LogReading", "CausalAnalysis", "Reporting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CBzip2", providers: [.apt(["libbz2-dev"]), .brew(["bzip2"])]),
        .systemLibrary(name: "CLZMA", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"]), .brew(["xz"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
        .systemLibrary(
            name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),
        // What Swift has no word for.
        .systemLibrary(name: "CPrefetch"),
        // The allocator's settings, which Swift's module of the C library leaves out.
        .systemLibrary(name: "CMalloc"),
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CBitColumns"),

        .target(name: "SharedWork", swiftSettings: strict),
        .target(name: "EventModel", dependencies: ["CPrefetch", "SharedWork"], swiftSettings: strict),
        .target(
            name: "LogReading",
            dependencies: [
                "EventModel", "SharedWork", "CZstd", "CZlib", "CBzip2", "CLZMA", "CLZ4", "CArchive", "CSimdjson",
                "CPrefetch", "CPCRE2",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Yams", package: "Yams"),
            ],
            // Built into the program, which runs alone, wherever it lies.
            resources: [.embedInCode("Profiles/BuiltIn"), .embedInCode("Profiles/Schema")],
            swiftSettings: strict),
        .target(
            name: "CausalAnalysis",
            dependencies: [
                "EventModel", "SharedWork", "CPrefetch", "CBitColumns",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: strict),
        .target(
            name: "EventIndex",
            dependencies: [
                "EventModel", "LogReading", "CausalAnalysis", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            resources: [.embedInCode("Queries")],
            swiftSettings: strict),
        // The files of the report's page, built into the program.
        .target(name: "CReportPage", exclude: ["Page"]),
        .target(
            name: "Reporting", dependencies: ["EventModel", "LogReading", "CausalAnalysis", "CReportPage", "CZlib"],
            // What `export --to tla` writes beside a trace.
            resources: [.embedInCode("Export/PlanTrace")],
            swiftSettings: strict),
        .target(name: "IncidentLab", dependencies: ["EventModel"], swiftSettings: strict),
        .executableTarget(
            name: "inquest",
            dependencies: [
                "EventModel", "LogReading", "CausalAnalysis", "EventIndex", "Reporting", "IncidentLab", "CMalloc",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Packaging"], swiftSettings: strict),
        // Shares nothing with the analysis whose findings it checks.
        .executableTarget(
            name: "inquest-verify",
            dependencies: [
                "EventModel", "LogReading", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "inquest-bench",
            dependencies: ["LogReading", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            resources: [.copy("Peers")], swiftSettings: strict),

        .testTarget(name: "EventModelTests", dependencies: ["EventModel"], swiftSettings: strict),
        .testTarget(
            name: "LogReadingTests",
            dependencies: [
                "LogReading", "EventModel", "CZstd", "CZlib", "CBzip2", "CLZMA", "CLZ4", "CArchive", "CSimdjson",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CausalAnalysisTests", dependencies: ["CausalAnalysis", "EventModel", "Reporting", "SharedWork"],
            swiftSettings: strict),
        .testTarget(
            name: "ReportingTests", dependencies: ["Reporting", "CausalAnalysis", "EventModel", "CZlib"],
            exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(
            name: "EventIndexTests", dependencies: ["EventIndex", "LogReading", "CausalAnalysis", "EventModel"],
            swiftSettings: strict),
        .testTarget(name: "IncidentLabTests", dependencies: ["IncidentLab", "EventModel"], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["inquest", "inquest-verify", "CArchive", "CZstd"],
            swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17
)

// The fuzzers have no main of their own: only a build with libFuzzer, as `make fuzz` makes it, can link them.
if Context.environment["INQUEST_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "inquest-fuzz",
            dependencies: ["EventModel", "SharedWork", "LogReading", "CausalAnalysis", "Reporting", "CSimdjson"],
            path: "Tests/Fuzz", exclude: ["Corpus"], swiftSettings: strict))
}
