// swift-tools-version: 6.2
// The package: one program, `claudemesh`, and the rooms it is built of.
// To add a target: a line in `targets`, with what it may import. The laws are checked by `.ci/laws`.

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let cSettings: [CSetting] = [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]

/// For generic types: whoever uses them makes them of its own when it is built. Else the runtime puts each together, at every
/// start, and a screen is laid out by way of tables.
let generic: [SwiftSetting] = [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]

/// What is waited for goes on where it was asked for, unless it says otherwise: for what begins on the first thread, and draws
/// before there is another.
let firstThread: [SwiftSetting] = [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], _ more: [SwiftSetting] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings + more)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// What shows the screens without the program: Tests/Screens/NAME.
func screens(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Tests/Screens/\(name)", swiftSettings: settings)
}

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras = product(name: "CryptoExtras", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let grdbSQLite = product(name: "GRDBSQLite", package: "GRDB.swift")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let logging = product(name: "Logging", package: "swift-log")
    static let mustache = product(name: "Mustache", package: "swift-mustache")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let systemPackage = product(name: "SystemPackage", package: "swift-system")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let subprocess = product(name: "Subprocess", package: "swift-subprocess")
}

let package = Package(
    name: "claudemesh",
    products: [.executable(name: "claudemesh", targets: ["claudemesh"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // C: every macro and trouble spot behind prefixed functions.
        .target(
            name: "CNcurses",
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        .target(name: "CPosix"),
        .target(name: "CAssets"),
        .target(name: "CLibpq", cSettings: cSettings),
        .target(name: "CQrencode", linkerSettings: [.linkedLibrary("qrencode")]),
        .target(name: "CSQLite", cSettings: cSettings, linkerSettings: [.linkedLibrary("sqlite3")]),

        // What the system has: files, processes, clocks. Only here is Glibc imported.
        library("Platform", ["CPosix"]),

        // Pure: values and functions.
        library("Text"),
        library("MeshAPI", ["Text"]),
        library("FlowEngine", [], generic),
        library("Canvas", ["Text"]),
        .target(
            name: "Localization", dependencies: ["CAssets", "MeshAPI"], swiftSettings: settings, plugins: ["TextKeys"]),
        .plugin(name: "TextKeys", capability: .buildTool(), dependencies: ["ListTexts"]),
        .executableTarget(name: "ListTexts", path: "Plugins/ListTexts", swiftSettings: settings),
        library("Widgets", ["Canvas", "Text"], generic),
        library("Wizard", ["FlowEngine", "Canvas", "Localization", "MeshAPI", "Text", "Widgets"]),
        library("Watch", ["FlowEngine", "Canvas", "Localization", "MeshAPI", "Text", "Widgets"]),

        // The rim.
        library("Terminal", ["CNcurses", "CPosix", "Canvas", "Platform"]),
        library(
            "MeshClient", ["MeshAPI", "Platform", .asyncHTTPClient, .nioCore, .nioHTTP1, .nioPosix, .nioSSL]),
        library("LocalState", ["MeshAPI", "Platform", "Text"]),
        library("SessionLaunch", ["Platform", "CPosix", .crypto]),
        library(
            "Peers",
            [
                "Localization", "MeshAPI", "MeshClient", "MeshStore", "Platform", "Text", .httpTypes, .hummingbird,
                .hummingbirdCore, .logging, .nioCore, .nioPosix,
            ]),
        library("Desktop", ["CQrencode", "Platform", .subprocess, .systemPackage]),
        library("Mail", ["Localization", .asyncHTTPClient, .nioCore, .nioHTTP1, .subprocess, .systemPackage]),
        library("MeshStore", ["MeshAPI", "Platform", "Text", "CAssets", .crypto]),
        library("MeshStoreSQLite", ["CSQLite", "MeshStore", "Platform", .grdb, .grdbSQLite]),
        library("MeshStorePostgres", ["CLibpq", "MeshStore", "Platform", .nioPosix]),
        library(
            "MeshServices",
            [
                "Localization", "Mail", "MeshAPI", "MeshStore", "Platform", "Text", .crypto, .cryptoExtras, .logging,
                .nioCore, .nioPosix,
            ]),
        library(
            "MeshServer",
            [
                "Localization", "Mail", "MeshAPI", "MeshServices", "MeshStore", "MeshStorePostgres", "MeshStoreSQLite",
                "Platform", "Text", .httpTypes, .hummingbird, .hummingbirdCore, .logging, .mustache, .nioCore,
                .nioHTTP1, .serviceLifecycle,
            ]),

        // The program: what its runs share, the wizard's front ends, the commands, the door.
        library("Console", ["Canvas", "CPosix", "Platform", "LocalState", "Localization", "MeshAPI", "Text"]),
        library(
            "Connect",
            ["Canvas", "Console", "Platform", "LocalState", "Localization", "MeshAPI", "MeshClient"], firstThread),
        library(
            "WatchRun",
            [
                "Canvas", "Console", "Desktop", "FlowEngine", "LocalState", "Localization", "MeshAPI", "MeshClient",
                "Platform", "Terminal", "Text", "Watch", "Widgets",
            ]),
        library(
            "WizardRun",
            [
                "Canvas", "Connect", "Console", "Platform", "Desktop", "FlowEngine", "LocalState", "Localization",
                "MeshAPI", "MeshClient", "SessionLaunch", "Terminal", "Text", "WatchRun", "Widgets", "Wizard",
            ]),
        library(
            "Commands",
            [
                "Canvas", "Connect", "Console", "CPosix", "Platform", "Desktop", "LocalState", "Localization",
                "MeshAPI", "MeshClient", "MeshServer", "MeshStore", "MeshStoreSQLite", "Peers", "SessionLaunch",
                "Terminal", "Text", "WatchRun", "Wizard", "WizardRun",
                .argumentParser, .logging,
                .serviceLifecycle, .unixSignals,
            ], firstThread),
        .executableTarget(
            name: "claudemesh", dependencies: ["Commands"], swiftSettings: settings,
            // A third of a start is spent on what these two leave out: a table of what could be linked to us from outside,
            // where nothing is, and 150,000 addresses to be moved to where the program happens to lie. By the toolchain's own
            // linker: the system's takes addresses in a shared Swift runtime so that every start warns of them. The C++ library
            // and the unwinder come from their archives, by way of assets/package: to load the first took a third of
            // `--version`, and the second begins by asking the processor for its kind.
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-use-ld=lld", "-Xlinker", "--no-export-dynamic", "-Xclang-linker", "-no-pie", "-L",
                        "\(Context.packageDirectory)/assets/package",
                    ],
                    .when(platforms: [.linux], configuration: .release))
            ]),

        // Tests. CVTerm is a real terminal emulator, TestSupport the pty and the browser to drive it with.
        .target(
            name: "CVTerm", path: "Tests/CVTerm", linkerSettings: [.linkedLibrary("vterm"), .linkedLibrary("util")]),
        .target(
            name: "TestSupport", dependencies: ["CVTerm", "CPosix"], path: "Tests/TestSupport", swiftSettings: settings),
        // The real server in a test's process.
        .target(
            name: "ServerSupport",
            dependencies: [
                "Localization", "MeshAPI", "MeshServer", "MeshServices", "MeshStore", "Platform", "TestSupport",
                .logging,
                .serviceLifecycle,
            ],
            path: "Tests/ServerSupport", swiftSettings: settings),
        // The reference beside which the server's speed is measured, by hand: Tests/Benchmarks/run.
        .executableTarget(
            name: "EmptyRoute", dependencies: [.grdb, .hummingbird], path: "Tests/Benchmarks/EmptyRoute",
            swiftSettings: settings),
        .executableTarget(
            name: "PointRead", dependencies: ["MeshStore", "MeshStoreSQLite", .grdb],
            path: "Tests/Benchmarks/PointRead", swiftSettings: settings),
        .executableTarget(
            name: "StoreMessages",
            dependencies: ["MeshAPI", "MeshServices", "MeshStore", "MeshStorePostgres", "MeshStoreSQLite"],
            path: "Tests/Benchmarks/StoreMessages", swiftSettings: settings),
        .executableTarget(
            name: "WatchKeys", dependencies: ["Canvas", "FlowEngine", "Localization", "MeshAPI", "Watch"],
            path: "Tests/Benchmarks/WatchKeys", swiftSettings: settings),
        // Every screen with sample data, and pictures of them: for the golden tests, designers, translators, the README.
        screens("Pictures", ["Canvas", "Text"]),
        screens("WizardSamples", ["Wizard", "Canvas", "FlowEngine", "Localization", "MeshAPI", "Pictures"]),
        screens(
            "WatchSamples", ["Watch", "Canvas", "FlowEngine", "Localization", "MeshAPI", "Pictures", "Text", "Widgets"]),
        .executableTarget(
            name: "DrawScreens",
            dependencies: [
                "Canvas", "Localization", "Pictures", "Watch", "WatchSamples", "Wizard", "WizardSamples",
                .argumentParser,
            ],
            path: "Tests/Screens/DrawScreens", swiftSettings: settings),
        tests("TestSupportTests", ["TestSupport"]),
        tests("PlatformTests", ["Platform"]),
        tests("TextTests", ["Text", "CVTerm", "TestSupport"]),
        tests("MeshAPITests", ["MeshAPI", "Text"]),
        tests("FlowEngineTests", ["FlowEngine", "TestSupport"]),
        tests("CanvasTests", ["Canvas", "Pictures", "TestSupport", "Text"]),
        tests("LocalizationTests", ["Localization"]),
        tests(
            "WizardTests",
            [
                "Wizard", "WizardSamples", "FlowEngine", "Canvas", "Localization", "MeshAPI", "Pictures", "TestSupport",
                "Text", "Widgets",
            ],
            exclude: ["Golden", "Drawn"]),
        tests(
            "WatchTests",
            [
                "Watch", "WatchSamples", "FlowEngine", "Canvas", "Localization", "MeshAPI", "Pictures", "TestSupport",
                "Text", "Widgets",
            ],
            exclude: ["Golden"]),
        .executableTarget(
            name: "TerminalProbe", dependencies: ["Terminal", "Canvas"], path: "Tests/TerminalProbe",
            swiftSettings: settings),
        tests("TerminalTests", ["Terminal", "TerminalProbe", "Canvas", "TestSupport"]),
        tests("LocalStateTests", ["LocalState", "Platform", "MeshAPI", "TestSupport"]),
        tests(
            "MeshClientTests",
            ["MeshClient", "MeshAPI", "Platform", "TestSupport", .nioCore, .nioPosix, .nioSSL]),
        .executableTarget(name: "StandInAgent", path: "Tests/StandInAgent", cSettings: cSettings),
        .executableTarget(
            name: "LaunchProbe", dependencies: ["SessionLaunch", "Platform", "CPosix"], path: "Tests/LaunchProbe",
            swiftSettings: settings),
        tests(
            "SessionLaunchTests",
            ["SessionLaunch", "Platform", "StandInAgent", "LaunchProbe", "TestSupport", .crypto]),
        tests(
            "PeersTests",
            ["Peers", "MeshAPI", "MeshClient", "MeshStore", "MeshStoreSQLite", "Platform", .logging]),
        tests("DesktopTests", ["Desktop", "TestSupport"]),
        tests("MailTests", ["Mail", "Localization", .nioCore, .nioHTTP1, .nioPosix]),
        tests(
            "MeshStoreTests",
            ["MeshStore", "MeshStorePostgres", "MeshStoreSQLite", "MeshAPI", "TestSupport", "Text"]),
        tests(
            "MeshServerTests",
            [
                "MeshServer", "MeshServices", "MeshStore", "MeshStoreSQLite", "Platform", "MeshAPI", "Mail",
                "Localization", "ServerSupport", "TestSupport", "Text", .grdb, .httpTypes, .hummingbird,
                .hummingbirdTesting,
                .logging, .nioCore, .nioEmbedded, .nioHTTP1, .nioPosix, .serviceLifecycle,
            ]),
        tests("MeshStoreSQLiteTests", ["MeshStoreSQLite", "MeshStore", "MeshAPI", "Platform", "TestSupport", .grdb]),
        tests(
            "MeshServicesTests",
            ["MeshServices", "MeshStore", "MeshStoreSQLite", "MeshAPI", "ServerSupport", "TestSupport"]),
        // What every run has, as a test supplies it.
        .target(
            name: "ConsoleSupport", dependencies: ["Console", "Localization"], path: "Tests/ConsoleSupport",
            swiftSettings: settings),
        tests(
            "ConsoleTests",
            ["Console", "ConsoleSupport", "LocalState", "Localization", "MeshAPI", "Platform", "Text"]),
        tests("ConnectTests", ["Connect", "Console", "ConsoleSupport", "LocalState", "MeshAPI", "TestSupport"]),
        tests(
            "WizardRunTests",
            [
                "WizardRun", "Console", "ConsoleSupport", "LocalState", "MeshAPI", "SessionLaunch", "TestSupport",
                "Wizard",
            ]),
        tests("WatchRunTests", ["WatchRun", "Console", "ConsoleSupport", "MeshAPI", "TestSupport", "Watch"]),
        // Commands in the tests' process, and some of the real binary, against the real server.
        tests(
            "CommandsTests",
            [
                "claudemesh", "Commands", "Connect", "Console", "ConsoleSupport", "LocalState", "Localization",
                "MeshAPI",
                "MeshClient", "MeshServer", "MeshServices", "MeshStore", "Peers", "Platform", "ServerSupport",
                "TestSupport", "Text",
                "WizardRun", .argumentParser, .crypto, .logging, .nioCore, .nioHTTP1, .nioPosix, .serviceLifecycle,
            ]),
        // The real binary in a pseudo-terminal, against the real server, with a real browser.
        tests(
            "JourneyTests",
            [
                "claudemesh", "Canvas", "Commands", "Connect", "Console", "FlowEngine", "LocalState", "Localization",
                "MeshAPI", "MeshClient", "MeshServer", "MeshServices", "MeshStore", "MeshStoreSQLite", "Platform",
                "ServerSupport", "StandInAgent", "TestSupport", "Text", "Widgets", "Wizard", "WizardRun",
                "WizardSamples", .nioCore, .nioPosix,
            ]),
    ],
    cLanguageStandard: .c2x
)
