// No token and no code is anywhere but where it belongs: everything that a whole run of commands wrote is searched, from
// the streams over the files to the server's log and its database.

import Foundation
import Logging
import MeshAPI
import MeshClient
internal import MeshStore
import Synchronization
internal import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices
@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite(.serialized) struct LeakScanTests {
    /// Each command as a person or a script runs it, sound and with what is wrong. Secrets are handed on in files.
    private static let script = """
        $CM login 2> login.err
        $CM create Dev; $CM create Dev; $CM create Ops --json; $CM list; $CM sync; $CM members --mesh dev
        $CM invite --mesh dev > invite.secret; $CM peers --mesh dev
        $CM tokens create ci > pat.secret; $CM tokens --json; $CM whoami --json; $CM sessions --json; $CM doctor --json
        $CM keys create ci --mesh dev --topic general > key.secret; $CM keys --mesh dev --json; $CM keys revoke nothing --mesh dev
        CLAUDEMESH_TOKEN="$(cat key.secret)" $CM send --topic general green; CLAUDEMESH_TOKEN="$(cat key.secret)" $CM whoami --json
        CLAUDEMESH_TOKEN="$(cat key.secret)" $CM list; $CM send --mesh dev --topic general "$(cat key.secret)"
        $CM keys create "$(cat key.secret)" --mesh dev; $CM login --token-file key.secret; $CM kick "$(cat key.secret)" --mesh dev
        $CM whoami --token "$(cat pat.secret)"; $CM list --token "$(cat pat.secret)x"; $CM --bogus "$(cat pat.secret)"
        CLAUDEMESH_TOKEN="$(cat pat.secret)" $CM sessions; CLAUDEMESH_TOKEN="$(cat pat.secret)x" $CM list
        $CM list --server "$(cat pat.secret)"; $CM members "$(cat pat.secret)"; $CM join "$(cat pat.secret)"
        $CM launch -y --mesh dev --name Bo --role reviewer --agent /bin/true
        $CM launch --dry-run -y --mesh dev --agent /bin/true; $CM launch --explain
        for form in "" --json; do
            $CM launch --explain --name "$(cat pat.secret)" --role x $form
            $CM launch --dry-run -y --mesh dev --agent /bin/true --name "$(cat pat.secret)" $form -- --key "$(cat pat.secret)"
            $CM help "$(cat pat.secret)" $form
        done
        HTTPS_PROXY=http://me:proxysecret@127.0.0.1:1 $CM list --server https://mesh.test --token - < pat.secret
        $CM list --server http://127.0.0.1:1; cp .claudemesh/auth.json first.secret
        $CM login --with-token --json < pat.secret; $CM login --token-file pat.secret; $CM logout --revoke-token
        """

    @Test func nothingWritesASecretDown() async throws {
        let home = try CommandHome(telling: true)
        let log = LogText()
        var logger = Logger(label: "test") { _ in log }
        logger.logLevel = .trace
        let database = "\(home.path)/server/server.sqlite"
        try home.write("", to: "server/made")
        try await CommandServer.run(storage: .file(database), log: logger) { server in
            let account = try await server.account("Ale")
            async let running = home.shell(Self.script, ["CLAUDEMESH_API_URL": server.url])
            var code = ""
            try await eventually {
                code = home.read("login.err")?.firstMatch(of: /([A-Z2-9]{4}-[A-Z2-9]{4})/).map { "\($0.1)" } ?? ""
                return !code.isEmpty
            }
            try await server.decide(code, as: account, approve: true)
            let ran = try await running
            #expect(ran.out.contains("Revoke") || ran.out.contains("revoked"), "\(ran.out) \(ran.err)")

            let session = try #require(home.read("first.secret")?.firstMatch(of: /cm_session_[a-z2-7]{52}/)?.0)
            let pat = try #require(home.read("pat.secret")?.firstMatch(of: /cm_pat_[a-z2-7]{52}/)?.0)
            let key = try #require(home.read("key.secret")?.firstMatch(of: /cm_key_[a-z2-7]{52}/)?.0)
            let invite = try #require(home.read("invite.secret")?.firstMatch(of: /([A-Z2-9]{4}-){2}[A-Z2-9]{4}/)?.0)
            #expect(log.text.contains("/api/auth/cli/device-code"), "the log was written")
            // Device codes are 32 random bytes: where one stood, a long word would.
            #expect(log.text.firstMatch(of: /device-code\/[A-Za-z0-9_-]{16,}/) == nil)
            var texts = ["the streams": Data((ran.out + ran.err).utf8), "the server's log": Data(log.text.utf8)]
            for file in try FileManager.default.subpathsOfDirectory(atPath: home.path) where !file.hasSuffix(".secret")
            {
                texts[file] = FileManager.default.contents(atPath: "\(home.path)/\(file)")
            }
            for (place, data) in texts {
                for secret in [session, pat, key] { #expect(data.range(of: Data(secret.utf8)) == nil, "\(place)") }
                #expect(data.range(of: Data("proxysecret".utf8)) == nil, "\(place)")
                guard !place.hasSuffix(".err") else { continue }
                #expect(data.range(of: Data(code.utf8)) == nil, "\(place)")
                // An invite's code is what the server gives out again in its lists: of that the database may keep.
                guard !place.hasPrefix("server/") else { continue }
                #expect(data.range(of: Data(invite.utf8)) == nil, "\(place)")
            }
        }
    }
}

/// A log as one text.
private final class LogText: LogHandler, Sendable {
    private let kept = Mutex("")

    var text: String { kept.withLock { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        kept.withLock { $0 += "\(event.message) \(event.metadata ?? [:])\n" }
    }
}
