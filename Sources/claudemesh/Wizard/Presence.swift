// A launched session is seen in its mesh while it lives: announced at once and every 30 s, and gone when it ends.

import Glibc
import MeshAPI
import MeshClient
import Wizard

/// The presence of one session.
struct Presence: Sendable {
    /// How often a living session says so; the server forgets it after three times as long.
    static let interval = Duration.seconds(30)

    private let client: APIClient
    private let mesh: String
    private let session: RegisterSession

    /// Throws where the server's address is none.
    init(_ answers: LaunchAnswers, tokenHash: String, world: EffectWorld) throws(APIFailure) {
        client = try world.client(answers.access)
        mesh = answers.mesh.id
        session = RegisterSession(
            sessionId: answers.sessionID, displayName: answers.displayName, role: answers.role, pid: Int(getpid()),
            host: world.context.hostName, tokenHash: tokenHash)
    }

    /// Announces the session until it is cancelled. Without a network it goes on trying: sooner at first. Returns whether the
    /// server's last word was that the sign-in has ended.
    func announce() async -> Bool {
        var backoff = Backoff()
        var isRejected = false
        while !Task.isCancelled {
            var pause = Self.interval
            do throws(APIFailure) {
                try await client.registerSession(session, in: mesh)
                backoff.succeeded()
                isRejected = false
            } catch {
                if error != .cancelled { isRejected = error.status == 401 }
                pause = min(Self.interval, backoff.failed(retryAfter: error.retryAfter))
            }
            do { try await Task.sleep(for: pause) } catch { return isRejected }
        }
        return isRejected
    }

    /// The session is over. Best effort: who does not hear of it forgets the session anyway.
    func end() async {
        try? await client.within(.seconds(1)).endSession(session.sessionId, in: mesh)
    }
}
