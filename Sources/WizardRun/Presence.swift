// A launched session is seen in its mesh while it lives: announced at once and every 30 s, and gone when it ends.

import Connect
import Console
import MeshAPI
import MeshClient
import Platform
import Wizard

/// The presence of one session.
struct Presence: Sendable {
    /// How often a living session says so; the server forgets it after three times as long.
    static let interval = Duration.seconds(30)

    /// How far it got.
    enum Standing: Sendable {
        /// The mesh saw it, over this client.
        case seen(APIClient)
        /// The server was asked and gave no answer of use.
        case unseen(APIClient)
        /// It was over before the first answer.
        case unasked(APIClient)

        fileprivate var client: APIClient {
            switch self {
            case .seen(let client), .unseen(let client), .unasked(let client): client
            }
        }
    }

    private let client: APIClient
    private let access: Access
    private let world: EffectWorld
    private let mesh: String
    private let session: RegisterSession
    /// Whether somebody else says from the first answer on that it lives.
    private let isCarried: Bool

    /// Throws where the server's address is none.
    init(
        _ answers: LaunchAnswers, tokenHash: String, receives: MeshAPI.Receives, attention: Attention?,
        isCarried: Bool, world: EffectWorld
    ) throws(APIFailure) {
        client = try world.client(answers.access)
        access = answers.access
        self.world = world
        mesh = answers.mesh.id
        session = RegisterSession(
            sessionId: answers.sessionID, displayName: answers.displayName, role: answers.role,
            pid: Int(ProcessIdentity.own.pid), host: world.context.hostName, tokenHash: tokenHash,
            directory: answers.directory ?? world.context.workingDirectory, receives: receives,
            attention: attention, can: world.can)
        self.isCarried = isCarried
    }

    /// Announces the session until it is cancelled. Without a network it goes on trying: sooner at first. The server of
    /// this machine is started again where it is gone.
    func announce() async -> Standing {
        var backoff = Backoff()
        var standing = Standing.unasked(client)
        while !Task.isCancelled {
            var pause = Self.interval
            do throws(APIFailure) {
                try await standing.client.registerSession(session, in: mesh)
                standing = .seen(standing.client)
                backoff.succeeded()
                if isCarried { pause = .seconds(86_400) }
            } catch {
                if case .unasked(let client) = standing, !Task.isCancelled { standing = .unseen(client) }
                if let client = await revived(after: error) {
                    standing = if case .seen = standing { .seen(client) } else { .unseen(client) }
                    pause = .milliseconds(100)
                } else {
                    pause = min(Self.interval, backoff.failed(retryAfter: error.retryAfter))
                }
            }
            do { try await Task.sleep(for: pause) } catch { break }
        }
        return standing
    }

    private func revived(after failure: APIFailure) async -> APIClient? {
        guard !Task.isCancelled, let access = await world.revived(access, after: failure) else { return nil }
        return try? world.client(access)
    }

    /// The session is over. Best effort: who does not hear of it forgets the session anyway. Returns why nobody saw it to
    /// its end, where that is for good.
    func end(_ standing: Standing) async -> Refusal? {
        let client = standing.client.within(.seconds(1))
        do throws(APIFailure) {
            try await client.endSession(session.sessionId, in: mesh)
        } catch {
            guard error.status == 404 else { return Refusal(error) }
            // There was none to end: it was too short for one, or out of reach, or the mesh is gone.
            do throws(APIFailure) { _ = try await client.mesh(mesh) } catch { return Refusal(error) }
        }
        return nil
    }
}

extension Presence {
    /// What the server does not take back by itself.
    enum Refusal: Sendable {
        /// The sign-in has ended.
        case signIn
        /// The mesh was archived, or the account is no longer in it.
        case mesh

        init?(_ failure: APIFailure) {
            switch failure.status {
            case 401: self = .signIn
            case 403, 404, 410: self = .mesh
            default: return nil
            }
        }
    }
}
