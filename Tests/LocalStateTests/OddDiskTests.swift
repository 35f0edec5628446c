// The directory on disks and mounts that answer otherwise than a plain one.

import Foundation
import MeshAPI
import Platform
import Testing

@testable import LocalState

struct OddDiskTests {
    private let directory: TemporaryDirectory
    private var config: ConfigDirectory { directory.config }

    init() throws { directory = try TemporaryDirectory() }

    static let auth = TokenChoiceTests.auth("a")

    /// A disk without modes says yes to every change and keeps none.
    @Test func aModeThatDoesNotChangeIsNoSuccess() throws {
        try directory.write("{}", to: "config/config.json", mode: 0o666)
        chmod(config.path, 0o777)
        var calls = FileCalls()
        calls.chmod = { _, _ in 0 }
        FileCalls.$current.withValue(calls) {
            #expect(throws: FileFailure.notPrivate(path: config.path)) { try config.readConfig() }
            #expect(throws: FileFailure.notPrivate(path: config.path)) { try config.writeAuth(Self.auth) }
        }
        #expect(!FileManager.default.fileExists(atPath: config.authPath))
        chmod(config.path, 0o700)
        let read = try FileCalls.$current.withValue(calls) { try config.readConfig() }
        #expect(read.notices == [.wide(path: config.path(of: "config.json"))])
    }

    /// One file of ours, mounted by itself into a container: nothing takes its name or its place.
    @Test func aFileThatIsAMountIsWrittenInPlace() throws {
        try config.writeAuth(Self.auth)
        let number = try inode(config.authPath)
        try FileCalls.$current.withValue(mounted(config.authPath)) {
            var other = Self.auth
            other.user.name = "B"
            try config.writeAuth(other)
            #expect(try config.readAuth().value == other)
            #expect(try inode(config.authPath) == number && directory.mode("config/auth.json") == 0o600)
            #expect(directory.names("config") == [".lock", "auth.json"])
            #expect(try config.removeAuth())
            #expect(try config.readAuth().value == nil)
            #expect(try config.removeAuth() == false)
        }
    }

    @Test func whatWasBegunInPlaceIsFinishedByTheNextWriter() throws {
        try directory.write(#"{"version":1,"meshes":[{"id""#, to: "config/config.json")
        try directory.write(#"{"version":1,"lang":"es"}"#, to: "config/.config.json.inplace")
        let read = try FileCalls.$current.withValue(mounted(config.path(of: "config.json"))) { try config.readConfig() }
        #expect(read.value.language == "es")
        #expect(directory.names("config") == [".lock", "config.json"])
    }

    @Test func aDamagedFileThatIsAMountIsCopiedAside() throws {
        try directory.write("{damaged", to: "config/config.json")
        try FileCalls.$current.withValue(mounted(config.path(of: "config.json"))) {
            try config.updateConfig { $0.language = "es" }
            #expect(try config.readConfig().value.language == "es")
        }
        #expect(try directory.text("config/config.json.damaged") == "{damaged")
    }

    /// `sudo` with HOME kept.
    @Test(.enabled(if: geteuid() == 0, "a home is given away by root"))
    func rootMakesNothingInAnothersHome() throws {
        let home = "\(directory.path)/home"
        mkdir(home, 0o755)
        chown(home, 12345, 12345)
        let config = ConfigDirectory(path: "\(home)/.claudemesh")
        #expect(throws: FileFailure.notOurs(path: home)) { try config.writeAuth(Self.auth) }
        #expect(throws: FileFailure.notOurs(path: home)) { try config.local.make() }
        #expect(throws: FileFailure.notOurs(path: home)) { try config.updateConfig { $0.telemetry = false } }
        #expect(try config.readConfig().value == ConfigFile())
        #expect(directory.names("home").isEmpty)
    }

    private func mounted(_ path: String) -> FileCalls {
        var calls = FileCalls()
        calls.rename = { $0 == path || $1 == path ? FileCalls.refuse(.busy) : rename($0, $1) }
        calls.unlink = { $0 == path ? FileCalls.refuse(.busy) : unlink($0) }
        return calls
    }

    private func inode(_ path: String) throws -> UInt64 {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64)
    }
}
