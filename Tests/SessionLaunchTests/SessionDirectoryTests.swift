// The session's directory: private, whole or absent, swept when its owner is gone and never else.

import Crypto
import Foundation
import Platform
import TestSupport
import Testing

@testable import SessionLaunch

@Suite struct SessionDirectoryTests {
    static let id = "0198c9f0-0000-7000-8000-00000000000a"
    let root: TemporaryDirectory

    init() throws { root = try TemporaryDirectory() }

    @Test func itHoldsTheTokenAndTheOwnerPrivately() throws {
        let directory = try SessionDirectory(session: Self.id, in: root.path)
        #expect(directory.path == root.file("claudemesh-\(Self.id)"))
        let token = try String(contentsOfFile: directory.tokenFile, encoding: .utf8)
        #expect(token.wholeMatch(of: /[0-9a-f]{64}/) != nil)
        let hash = SHA256.hash(data: Data(token.utf8)).map { String(format: "%02x", $0) }.joined()
        #expect(directory.tokenHash == hash)
        let owner = try String(contentsOfFile: "\(directory.path)/owner", encoding: .utf8)
        #expect(ProcessIdentity(owner) == .own)
        #expect(try mode(directory.path) == 0o700)
        #expect(try mode(directory.tokenFile) == 0o600)
        #expect(try mode("\(directory.path)/owner") == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root.path).count == 1)
        directory.remove()
        #expect(!exists(directory.path))
        directory.remove()
    }

    @Test func everyTokenIsAnother() throws {
        let hashes = try (0..<20).map { number in
            try SessionDirectory(session: "\(Self.id.dropLast(2))\(10 + number)", in: root.path).tokenHash
        }
        #expect(Set(hashes).count == 20)
    }

    @Test func aSessionThatRunsKeepsItsDirectory() throws {
        let first = try SessionDirectory(session: Self.id, in: root.path)
        let token = try String(contentsOfFile: first.tokenFile, encoding: .utf8)
        do {
            _ = try SessionDirectory(session: Self.id, in: root.path)
            Issue.record("made twice")
        } catch {
            #expect(error.isInUse)
        }
        #expect(try String(contentsOfFile: first.tokenFile, encoding: .utf8) == token)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root.path).count == 1)
    }

    @Test func whereNothingCanBeWrittenItSaysWhy() {
        do {
            _ = try SessionDirectory(session: Self.id, in: "/proc/nowhere")
            Issue.record("made in /proc")
        } catch {
            #expect(error.errno == ENOENT && !error.isInUse)
        }
    }

    @Test(arguments: [(nil, "/tmp"), ("", "/tmp"), ("relative", "/tmp"), ("/a/b/", "/a/b"), ("/a", "/a")])
    func theTemporaryDirectoryIsTheUsers(named: String?, expected: String) {
        let environment = named.map { ["TMPDIR": $0] } ?? [:]
        #expect(SessionDirectory.temporaryDirectory(environment: environment) == expected)
    }

    @Test func aLiveOwnersIsNotSwept() throws {
        let directory = try SessionDirectory(session: Self.id, in: root.path)
        try old(directory.path)
        #expect(Sweeper(in: root.path).sweep() == [])
        #expect(exists(directory.tokenFile))
    }

    @Test func aGoneOwnersIsSweptWithAllThatIsInIt() async throws {
        let gone = try await gonePid()
        try root.write("claudemesh-\(Self.id)/owner", ended(gone, 123))
        try root.write("claudemesh-\(Self.id)/session-token", "x")
        try root.write("claudemesh-\(Self.id)/sub/deep/file", "x")
        #expect(Sweeper(in: root.path).sweep() == [root.file("claudemesh-\(Self.id)")])
        #expect(!exists(root.file("claudemesh-\(Self.id)")))
    }

    @Test func aPidThatIsUsedAgainIsAnotherProcess() throws {
        try root.write("claudemesh-\(Self.id)/owner", ended(getpid(), ProcessIdentity.own.start + 1))
        #expect(Sweeper(in: root.path).sweep().count == 1)
    }

    @Test func whatIsBeingMadeStaysWhileItsMakerLives() async throws {
        let own = ProcessIdentity.own
        let live = "claudemesh-\(Self.id).\(own.text(separator: "."))"
        let dead = "claudemesh-\(Self.id).\(ended(try await gonePid(), 5, separator: "."))"
        try root.write("\(live)/session-token", "x")
        try root.write("\(dead)/session-token", "x")
        #expect(Sweeper(in: root.path).sweep() == [root.file(dead)])
        #expect(exists(root.file(live)))
    }

    /// A directory that two containers or two machines share: numbers of one say nothing in the other.
    @Test func whatBelongsToAnotherContainerMachineOrBootStays() async throws {
        let (gone, own) = (try await gonePid(), ProcessIdentity.own)
        let elsewhere = [
            ProcessIdentity(pid: gone, start: 1, boot: own.boot, namespace: own.namespace + 1),
            ProcessIdentity(pid: gone, start: 1, boot: "another-boot", namespace: own.namespace),
        ]
        for (number, owner) in elsewhere.enumerated() {
            let id = "\(Self.id.dropLast(2))\(10 + number)"
            try root.write("claudemesh-\(id)/owner", owner.text() + "\n")
            try root.write("claudemesh-\(id).\(owner.text(separator: "."))/session-token", "x")
        }
        // As it was written before: whose number that is is not said.
        try root.write("claudemesh-\(Self.id)/owner", "\(gone) 1\n")
        #expect(Sweeper(in: root.path).sweep() == [])
    }

    @Test(arguments: ["", "nonsense", "12", "-1 5", "99999999999 5"])
    func whoseOwnerCannotBeReadStays(owner: String) throws {
        try root.write("claudemesh-\(Self.id)/owner", owner)
        #expect(Sweeper(in: root.path).sweep() == [])
    }

    @Test func theEmptyRestOfARemovalGoes() throws {
        try FileManager.default.createDirectory(
            atPath: root.file("claudemesh-\(Self.id)"), withIntermediateDirectories: false)
        #expect(Sweeper(in: root.path).sweep().count == 1)
    }

    @Test func noLinkIsFollowed() async throws {
        let outside = try TemporaryDirectory()
        try outside.write("owner", ended(try await gonePid(), 1))
        try outside.write("precious", "x")
        let link = root.file("claudemesh-\(Self.id)")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: outside.path)
        #expect(Sweeper(in: root.path).sweep() == [])
        // Nor one inside of what is swept, nor an owner that is a link.
        let other = "claudemesh-\(Self.id.dropLast())b"
        try root.write("\(other)/owner", ended(try await gonePid(), 1))
        try FileManager.default.createSymbolicLink(
            atPath: root.file("\(other)/inside"), withDestinationPath: outside.path)
        #expect(Sweeper(in: root.path).sweep() == [root.file(other)])
        #expect(exists(outside.file("precious")))
    }

    @Test(arguments: ["claudemesh-test-abc", "claudemesh-", "claudemesh-0198c9f0-0000-7000-8000-00000000000g", "other"])
    func otherNamesAreLeftAlone(name: String) async throws {
        try root.write("\(name)/owner", ended(try await gonePid(), 1))
        #expect(Sweeper(in: root.path).sweep() == [])
    }

    @Test func anothersDirectoryIsLeftAlone() async throws {
        try #require(geteuid() == 0, "needs root to give a directory away")
        try root.write("claudemesh-\(Self.id)/owner", ended(try await gonePid(), 1))
        chown(root.file("claudemesh-\(Self.id)"), 12345, 12345)
        #expect(Sweeper(in: root.path).sweep() == [])
    }

    /// An owner of this place with this number and start.
    private func ended(_ pid: Int32, _ start: Int64, separator: Character = " ") -> String {
        let own = ProcessIdentity.own
        return ProcessIdentity(pid: pid, start: start, boot: own.boot, namespace: own.namespace)
            .text(separator: separator)
    }

    private func mode(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? -1
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private func old(_ path: String) throws {
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: path)
    }

    /// The pid of a process that has ended.
    private func gonePid() async throws -> Int32 {
        let process = try StartedProcess(
            "/bin/true", [], environment: [:], directory: "/", out: "/dev/null", err: "/dev/null")
        #expect(try await process.ended() == 0)
        return process.pid
    }
}
