// The directory and how its files are read and replaced, whatever they hold.

import Foundation
import MeshAPI
import Testing

@testable import LocalState

struct ConfigDirectoryTests {
    private let directory: TemporaryDirectory
    private var config: ConfigDirectory { directory.config }

    init() throws { directory = try TemporaryDirectory() }

    static let auth = TokenChoiceTests.auth("a")

    @Test func theDirectoryIsWhereTheEnvironmentSays() throws {
        #expect(try ConfigDirectory(environment: ["CLAUDEMESH_CONFIG_DIR": "/x/y/", "HOME": "/h"]).path == "/x/y")
        #expect(try ConfigDirectory(environment: ["CLAUDEMESH_CONFIG_DIR": "", "HOME": "/h"]).path == "/h/.claudemesh")
        let home = try #require(getpwuid(geteuid())?.pointee.pw_dir)
        #expect(try ConfigDirectory(environment: [:]).path == "\(String(cString: home))/.claudemesh")
        #expect(config.local.authPath == "\(config.path)/local/auth.json")
    }

    @Test func whatIsMadeIsForItsOwnerAlone() throws {
        let deep = ConfigDirectory(path: "\(directory.path)/a/b/c")
        try deep.writeAuth(Self.auth)
        #expect(directory.mode("a") == 0o700 && directory.mode("a/b/c") == 0o700)
        #expect(directory.mode("a/b/c/auth.json") == 0o600)
        #expect(directory.mode("a/b/c/.lock") == 0o600)
    }

    @Test func nothingThereIsNothing() throws {
        #expect(try config.readAuth().value == nil)
        #expect(try config.readConfig().value == ConfigFile())
        #expect(try config.readState().value == StateFile())
        #expect(config.telemetryEvents().isEmpty)
        #expect(try config.session(matching: "abc") == .none)
        #expect(try config.removeAuth() == false)
        #expect(!FileManager.default.fileExists(atPath: config.path), "reading makes nothing")
    }

    @Test func aWideDirectoryIsNarrowed() throws {
        try directory.write("{}", to: "config/config.json")
        chmod(config.path, 0o755)
        #expect(try config.readConfig().notices == [.narrowed(path: config.path)])
        #expect(directory.mode("config") == 0o700)
        chmod(config.path, 0o777)
        try config.writeAuth(Self.auth)
        #expect(directory.mode("config") == 0o700)
    }

    /// `/etc`, named by mistake.
    @Test func aWideDirectoryOfOtherThingsIsLeftAsItIs() throws {
        try directory.write("x", to: "config/passwd")
        chmod(config.path, 0o755)
        #expect(throws: FileFailure.crowded(path: config.path)) { try config.readConfig() }
        #expect(throws: FileFailure.crowded(path: config.path)) { try config.writeAuth(Self.auth) }
        #expect(directory.mode("config") == 0o755 && !FileManager.default.fileExists(atPath: config.authPath))
    }

    /// Written by hand as `"off"` it must not be on.
    @Test func aChoiceOfTelemetryThatIsNoneTellsNothing() throws {
        try directory.write(#"{"version":1,"telemetry":"off"}"#, to: "config/config.json")
        #expect(try config.readConfig().value.telemetry == false)
    }

    @Test(.enabled(if: geteuid() == 0, "another user's file is made by root"))
    func whatIsAnothersIsRefused() throws {
        try directory.write("{}", to: "config/auth.json")
        chown(config.authPath, 65534, 65534)
        #expect(throws: AuthFailure.file(.foreign(path: config.authPath))) { try config.readAuth() }
        chown(config.path, 65534, 65534)
        #expect(throws: AuthFailure.file(.foreign(path: config.path))) { try config.readAuth() }
        #expect(throws: FileFailure.foreign(path: config.path)) { try config.readConfig() }
        #expect(throws: FileFailure.foreign(path: config.path)) { try config.writeAuth(Self.auth) }
    }

    @Test func linksAreNeitherReadNorWrittenThrough() throws {
        try directory.write("precious", to: "victim")
        try directory.write("", to: "config/x")
        try FileManager.default.createSymbolicLink(
            atPath: config.authPath, withDestinationPath: "\(directory.path)/victim")
        #expect(throws: AuthFailure.file(.link(path: config.authPath))) { try config.readAuth() }
        // Not by being replaced either: whoever made the link means the file behind it.
        #expect(throws: FileFailure.link(path: config.authPath)) { try config.writeAuth(Self.auth) }
        #expect(throws: FileFailure.link(path: config.authPath)) { try config.checkAuthCanChange() }
        #expect(throws: FileFailure.link(path: config.authPath)) { try config.removeAuth() }
        #expect(try directory.text("victim") == "precious")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: config.authPath).hasSuffix("/victim"))
        try FileManager.default.removeItem(atPath: config.path(of: ".lock"))
        try FileManager.default.createSymbolicLink(
            atPath: config.path(of: ".lock"), withDestinationPath: "\(directory.path)/made")
        #expect(throws: FileFailure.system(path: config.path(of: ".lock"), code: ELOOP)) {
            try config.writeAuth(Self.auth)
        }
        #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/made"))
    }

    @Test func aLinkToAnswersIsSaid() throws {
        try directory.write("{}", to: "victim")
        try directory.write("", to: "config/x")
        let path = config.path(of: ConfigDirectory.stateName)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "\(directory.path)/victim")
        #expect(config.rememberedState().notices == [.leftOut(.link(path: path))])
    }

    @Test func whatIsNoFileIsRefusedWithoutWaiting() throws {
        try directory.write("", to: "config/x")
        mkfifo(config.authPath, 0o600)
        #expect(throws: AuthFailure.file(.wrongKind(path: config.authPath))) { try config.readAuth() }
        mkdir(config.path(of: "config.json"), 0o700)
        #expect(throws: FileFailure.wrongKind(path: config.path(of: "config.json"))) { try config.readConfig() }
        try directory.write("", to: "plain")
        let file = ConfigDirectory(path: "\(directory.path)/plain")
        #expect(throws: FileFailure.wrongKind(path: file.path)) { try file.readConfig() }
        #expect(throws: FileFailure.wrongKind(path: file.path)) { try file.writeAuth(Self.auth) }
    }

    /// As a container mounts one over which nothing can be renamed.
    @Test func anEmptyFileIsAsGoodAsNone() throws {
        for name in ["auth.json", "config.json", "state.json"] { try directory.write("", to: "config/\(name)") }
        #expect(try config.readAuth().value == nil)
        let (settings, state) = (try config.readConfig(), try config.readState())
        #expect(settings.value == ConfigFile() && settings.notices.isEmpty)
        #expect(state.value == StateFile() && state.notices.isEmpty)
    }

    @Test(arguments: [
        "not json", "{", "[]", "null", "{}", #"{"version":1}"#, "\u{0}", #"{"version":0,"token":"x"}"#,
        #"{"version":1,"token":"cm_pat_short","user":{"id":"u","name":"n"}}"#,
        #"{"version":1,"token":12,"user":{"id":"u","name":"n"}}"#,
        #"{"version":1,"token":"\#(auth.token)","user":{"id":"u","name":"n"},"server":5}"#,
    ])
    func aDamagedSignInIsNamedAndKept(text: String) throws {
        try directory.write(text, to: "config/auth.json")
        #expect(throws: AuthFailure.corrupted(path: config.authPath)) { try config.readAuth() }
        #expect(try directory.text("config/auth.json") == text)
        try config.writeAuth(Self.auth)
        #expect(try config.readAuth().value == Self.auth)
    }

    @Test func aNewersSignInIsNamedAndKeptUntilTheNext() throws {
        let text = #"{"version":2,"token":{"sealed":true},"secret":"theirs"}"#
        try directory.write(text, to: "config/auth.json")
        #expect(throws: AuthFailure.newer(path: config.authPath, version: 2)) { try config.readAuth() }
        try config.writeAuth(Self.auth)
        #expect(try !directory.text("config/auth.json").contains("theirs"))
    }

    @Test func aSignInReadableByOthersIsNarrowedAndSaid() throws {
        try config.writeAuth(Self.auth)
        for mode: mode_t in [0o644, 0o660, 0o604] {
            chmod(config.authPath, mode)
            let loaded = try config.readAuth()
            #expect(loaded.value == Self.auth && loaded.notices == [.narrowed(path: config.authPath)])
            #expect(directory.mode("config/auth.json") == 0o600)
        }
        #expect(try config.readAuth().notices.isEmpty)
    }

    @Test func aSignInOfTheFirstVersionStillCounts() throws {
        let text =
            #"{"version":1,"token":"\#(TokenChoiceTests.token("z"))","user":{"id":"u","name":"n","email":"e"},"created_at":"2026-04-10T10:00:00.000Z","source":"env"}"#
        try directory.write(text, to: "config/auth.json")
        let auth = try #require(try config.readAuth().value)
        #expect(auth.server == .standard && auth.source == .pat && auth.user.email == "e" && auth.expiresAt == nil)
    }

    @Test func keysThatWeDoNotKnowSurvive() throws {
        try config.writeAuth(Self.auth)
        var text = try directory.text("config/auth.json")
        text = text.replacing("{\n  \"version\"", with: "{\n  \"later\": {\"x\": [1, 2.50]},\n  \"version\"")
        text = text.replacing("\"id\": \"u-a\"", with: "\"id\": \"u-a\", \"avatar\": \"👩‍🚀\"")
        try directory.write(text, to: "config/auth.json")
        var auth = Self.auth
        auth.user.email = "new@example.com"
        try config.writeAuth(auth)
        text = try directory.text("config/auth.json")
        #expect(text.contains("\"later\": {\n    \"x\": [1, 2.50]\n  }"))
        #expect(text.contains("👩‍🚀") && text.contains("new@example.com"))
        try directory.write(#"{"version":3,"later":1e400,"lang":"es"}"#, to: "config/config.json")
        try config.updateConfig { $0.ascii = true }
        #expect(try directory.text("config/config.json").contains("\"later\": 1e400"))
        #expect(try directory.text("config/config.json").contains("\"version\": 3"))
        #expect(try config.readConfig().value.language == "es")
    }

    @Test(
        arguments: ["config.json", "state.json"], ["{", "[]", "nonsense", "\u{FFFD}", #"{"meshes":5,"notices":5}"#])
    func aDamagedFileIsSetAsideOnce(name: String, text: String) throws {
        try directory.write(text, to: "config/\(name)")
        let read = { () throws in
            name == "config.json" ? try config.readConfig().notices : try config.readState().notices
        }
        #expect(try read() == [.setAside(path: config.path(of: name), kept: config.path(of: "\(name).damaged"))])
        #expect(try directory.text("config/\(name).damaged") == text)
        #expect(try read() == [])
    }

    @Test func aFileBeyondItsLimitIsDamaged() throws {
        try directory.write(#"{"x":"\#(String(repeating: "x", count: 64 << 10))"}"#, to: "config/state.json")
        #expect(try config.readState().notices.count == 1)
        #expect(directory.names("config").contains("state.json.damaged"))
        try directory.write(String(repeating: " ", count: 64 << 10) + " ", to: "config/auth.json")
        #expect(throws: AuthFailure.file(.tooLarge(path: config.authPath, limit: 64 << 10))) { try config.readAuth() }
    }

    @Test func aRunThatMustNotWriteChangesNothing() throws {
        try config.writeAuth(Self.auth)
        chmod(config.authPath, 0o644)
        chmod(config.path, 0o755)
        try directory.write("damaged", to: "config/config.json")
        var quiet = config
        quiet.mayWrite = false
        let before = directory.names("config")
        #expect(try quiet.readAuth().notices == [.wide(path: config.authPath)])
        #expect(try quiet.readConfig().notices == [.damaged(path: config.path(of: "config.json"))])
        #expect(throws: FileFailure.system(path: config.path, code: EROFS)) { try quiet.writeAuth(Self.auth) }
        quiet.record(.logout(userID: "u", at: Date()))
        #expect(directory.names("config") == before)
        #expect(directory.mode("config") == 0o755 && directory.mode("config/auth.json") == 0o644)
    }

    @Test func whereNothingCanBeWrittenItSaysWhy() throws {
        let nowhere = ConfigDirectory(path: "/proc/claudemesh-none")
        #expect(throws: FileFailure.system(path: nowhere.path, code: ENOENT)) { try nowhere.writeAuth(Self.auth) }
        #expect(try nowhere.readAuth().value == nil)
        #expect(try ConfigDirectory(path: "/dev/full/x").readAuth().value == nil)
    }

    @Test func whatIsTooLargeIsNotWritten() throws {
        try config.writeAuth(Self.auth)
        var auth = Self.auth
        auth.user.name = String(repeating: "x", count: 70_000)
        #expect(throws: FileFailure.tooLarge(path: config.authPath, limit: 64 << 10)) { try config.writeAuth(auth) }
        #expect(try config.readAuth().value == Self.auth)
    }

    @Test func leftoversOfKilledWritersGo() throws {
        try directory.write("{\"half", to: "config/.auth.json.1.unfinished")
        try directory.write("theirs", to: "config/.auth.json.bak")
        try config.writeAuth(Self.auth)
        #expect(directory.names("config") == [".auth.json.bak", ".lock", "auth.json"])
    }

    @Test func aWriterWaitsForAnotherAndThenGivesUp() throws {
        try config.writeAuth(Self.auth)
        let descriptor = open(config.path(of: ".lock"), O_RDWR)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX) == 0)
        let start = ContinuousClock.now
        #expect(throws: FileFailure.busy(path: config.path)) {
            try config.writing(patience: .milliseconds(50)) { () throws(FileFailure) in }
        }
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        #expect(DirectoryLock.patience == .seconds(5))
        flock(descriptor, LOCK_UN)
        try config.writing(patience: .milliseconds(50)) { () throws(FileFailure) in }
    }

    @Test func manyWritersAtOnceLoseNothing() async throws {
        let config = config
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    try config.updateState { $0.markShown("n\(number)") }
                }
            }
            try await group.waitForAll()
        }
        let state = try config.readState().value
        #expect((0..<40).allSatisfy { state.wasShown("n\($0)") })
        #expect(directory.names("config") == [".lock", "state.json"])
    }

    @Test func whatRefusedTheDirectoryIsSaidAndNotWhatWasAskedAfterwards() {
        // Nobody makes a folder there; a second look would only find that there is none.
        let refused = ConfigDirectory(path: "/sys/claudemesh/a")
        let failure = #expect(throws: FileFailure.self) { try refused.make() }
        guard case .system(let path, let code) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(path == "/sys/claudemesh/a")
        #expect([EPERM, EACCES, EROFS].contains(code))
    }

    @Test func aSignInNeverPrintsItsToken() throws {
        var dumped = ""
        dump(Self.auth, to: &dumped)
        dump(Loaded(value: Optional(Self.auth)), to: &dumped)
        #expect(!"\(Self.auth) \(String(reflecting: Self.auth)) \([Self.auth]) \(dumped)".contains("aaaa"))
    }
}
