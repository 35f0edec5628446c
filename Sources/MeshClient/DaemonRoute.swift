// What a session asks of its mesh goes through the daemon of this machine: the same shapes, at addresses of its own, and in
// its answers why the server behind it gave none.

internal import FoundationEssentials
package import MeshAPI

/// The daemon's socket, and where on it a server's routes are.
struct DaemonRoute: Sendable {
    private static let meshes = "/api/my/meshes/"
    private let base: String

    init(socket: String) { base = SocketClient.address(of: socket) }

    func url(of path: String) -> String { base + Self.path(of: path) }

    /// `/api/my/meshes/M/messages?unread=1` is `/v1/messages?unread=1`; a mesh's sessions are `/v1/peers`, one of them is the
    /// caller's own.
    static func path(of path: String) -> String {
        guard path.hasPrefix(meshes) else { return "/v1" + path }
        let inMesh = path.dropFirst(meshes.count).drop { $0 != "/" }.dropFirst()
        guard inMesh.hasPrefix("sessions") else { return "/v1/" + inMesh }
        let rest = inMesh.dropFirst("sessions".count)
        return rest.hasPrefix("/") ? "/v1/sessions/me" : "/v1/peers" + rest
    }

    /// An answer of the daemon's. Throws where it says that the server gave it none.
    static func read(_ reply: Reply) throws(APIFailure) -> Reply {
        guard reply.status == 502, let out = try? WireJSON.decode(OutOfReach.self, from: reply.body) else {
            return reply
        }
        throw .unreachable(Unreachable(word: out.why))
    }
}

/// What the daemon answers where the server cannot be reached.
package struct OutOfReach: Codable, Sendable, Hashable {
    package var error = "unreachable"
    package var message: String
    /// `Unreachable.word`.
    package var why: String

    package init(host: String, why: Unreachable) {
        message = "Can't reach \(host)."
        self.why = why.word
    }
}

/// `POST /v1/messages` where the server is out of reach: the message is on the disk, and goes by itself.
package struct WaitingHere: Codable, Sendable, Hashable {
    package static let state = "waiting_here"

    package var clientId: String
    package var state: String
    /// `Unreachable.word`, or the status that the server refused with for now.
    package var why: String

    package init(clientId: String, why: String) {
        self.clientId = clientId
        state = Self.state
        self.why = why
    }

    /// As a failure, to be said in words.
    package var failure: APIFailure { APIFailure(word: why) }
}

extension APIFailure {
    /// `Unreachable.word`, or the status of a refusal.
    package var word: String {
        switch self {
        case .unreachable(let why): why.word
        case .refused(let status, _, _): "\(status)"
        case .cancelled: "cancelled"
        }
    }

    package init(word: String) {
        guard let status = Int(word) else {
            self = .unreachable(Unreachable(word: word))
            return
        }
        self = .refused(status: status, body: nil, retryAfter: nil)
    }
}

extension Unreachable {
    /// One word for it, and what belongs to it behind a colon.
    package var word: String {
        switch self {
        case .nameNotResolved: "name_not_resolved"
        case .refused: "refused"
        case .noAnswer(let seconds): "no_answer:\(seconds)"
        case .connectionLost: "connection_lost"
        case .untrustedCertificate: "untrusted_certificate"
        case .webPage: "web_page"
        case .malformed: "malformed"
        case .tooLarge: "too_large"
        case .redirected: "redirected"
        case .insecure: "insecure"
        case .proxy(let name): "proxy:\(name)"
        case .proxyRefused(let name): "proxy_refused:\(name)"
        case .proxyFailed(let name): "proxy_failed:\(name)"
        case .proxyPassword(let name): "proxy_password:\(name)"
        case .proxyUnusable: "proxy_unusable"
        case .certificates(let file): "certificates:\(file)"
        case .other(let text): "other:\(text)"
        }
    }

    package init(word: String) {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let rest = parts.count > 1 ? String(parts[1]) : ""
        switch parts.first {
        case "proxy": self = .proxy(rest)
        case "proxy_refused": self = .proxyRefused(rest)
        case "proxy_failed": self = .proxyFailed(rest)
        case "proxy_password": self = .proxyPassword(rest)
        case "certificates": self = .certificates(rest)
        case "no_answer": self = .noAnswer(seconds: Int(rest) ?? 0)
        case "other": self = .other(rest)
        default:
            let plain: [Unreachable] = [
                .nameNotResolved, .refused, .connectionLost, .untrustedCertificate, .webPage, .malformed, .tooLarge,
                .redirected, .insecure, .proxyUnusable,
            ]
            self = plain.first { $0.word == word } ?? .other(word)
        }
    }
}
