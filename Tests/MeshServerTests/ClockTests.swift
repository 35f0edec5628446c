// A clock that is set back: what lies in the future counts as now, and nobody waits for the clock to catch up.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct ClockTests {
    private let day = 86_400.0

    @Test func noWaitIsLongerThanItsWindow() async throws {
        let time = TestTime()
        let limits = RateLimiter(isOn: true) { time.now }
        func wait() async throws -> String? {
            do {
                try await limits.take(.newCodes, "box")
                return nil
            } catch let refusal as Refusal {
                return refusal.retryAfter.map(String.init)
            }
        }
        for _ in 0..<5 { #expect(try await wait() == nil) }
        time.advance(-day)
        #expect(try await wait() == "60")
        time.advance(59)
        #expect(try await wait() == "1", "the wait that was told goes by")
        time.advance(1)
        #expect(try await wait() == nil)
    }

    @Test func aSignInGoesOn() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            #expect(try await api.poll(code).status == .pending)
            bench.time.advance(-day)
            #expect(try await api.get("/api/auth/cli/device-code/\(code.deviceCode)").status == .tooManyRequests)
            bench.time.advance(1)
            try await ada.decide(code)
            #expect(try await api.poll(code).token != nil)
        }
    }

    @Test func aSessionThatIsGoneIsNotListedUntilThen() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.signIn(try await bench.person("Ada", client), client)
            let mesh = try await ada.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).decoded(Mesh.self).id
            let path = "/api/my/meshes/\(mesh)/sessions"
            let hash = SecretDigest.of("token")
            _ = try await ada.send(
                .post, path,
                #"{"session_id":"s1","display_name":"Ada","pid":42,"host":"box","token_hash":"\#(hash)"}"#)
            bench.time.advance(-day)
            try await bench.services.sweep()
            #expect(try await ada.get(path).decodedList("peers", of: Peer.self).count == 1)
            bench.time.advance(PresenceRow.silenceSeconds)
            #expect(try await ada.get(path).decodedList("peers", of: Peer.self).isEmpty)
        }
    }
}
