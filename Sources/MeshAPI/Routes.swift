// Every address of the HTTP interface, once: what a client calls, what telemetry and logs may name.
// To add one: a line in `Routes`, a call in MeshClient, a handler in MeshServer, a path in assets/openapi.json.

/// A method and a path pattern such as `/api/my/meshes/{id}`.
public struct Route: Sendable, Hashable {
    public enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    public var method: Method
    /// The path with its parameters in braces: what logs and metrics name.
    public var pattern: String
    /// For a list: the key that holds its items.
    public var items: String?

    public init(_ method: Method, _ pattern: String, items: String? = nil) {
        self.method = method
        self.pattern = pattern
        self.items = items
    }

    /// The path with `values` in the places of the parameters, in order. Everything but letters, digits, `-` and `_`
    /// is percent-encoded, so that no value reaches another route.
    public func path(_ values: String...) -> String {
        var rest = values[...]
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: false).map { part in
            part.hasPrefix("{") ? Self.encoded(rest.popFirst() ?? "") : String(part)
        }
        return parts.joined(separator: "/")
    }

    /// `text` as one component of a path or one value of a query.
    public static func encoded(_ text: String) -> String { PercentCoding.encode(text, plain: "-_") }
}

/// The routes by name, as assets/openapi.json describes them.
public enum Routes {
    // Sign-in, no token.
    public static let createDeviceCode = Route(.post, "/api/auth/cli/device-code")
    public static let pollDeviceCode = Route(.get, "/api/auth/cli/device-code/{device_code}")
    public static let deleteDeviceCode = Route(.delete, "/api/auth/cli/device-code/{device_code}")

    // With a token.
    public static let whoami = Route(.get, "/api/my/whoami")
    public static let listCLISessions = Route(.get, "/api/my/cli/sessions", items: "sessions")
    public static let revokeCLISession = Route(.delete, "/api/my/cli/sessions/{id}")
    public static let revokeCurrentSession = Route(.delete, "/api/my/cli/sessions/current")
    public static let listTokens = Route(.get, "/api/my/cli/tokens", items: "tokens")
    public static let createToken = Route(.post, "/api/my/cli/tokens")
    public static let revokeToken = Route(.delete, "/api/my/cli/tokens/{id}")
    public static let listMeshes = Route(.get, "/api/my/meshes", items: "meshes")
    public static let createMesh = Route(.post, "/api/my/meshes")
    public static let mesh = Route(.get, "/api/my/meshes/{id}")
    public static let renameMesh = Route(.patch, "/api/my/meshes/{id}")
    public static let archiveMesh = Route(.delete, "/api/my/meshes/{id}")
    public static let listMembers = Route(.get, "/api/my/meshes/{id}/members", items: "members")
    public static let removeMember = Route(.delete, "/api/my/meshes/{id}/members/{member_id}")
    public static let listInvites = Route(.get, "/api/my/meshes/{id}/invites", items: "invites")
    public static let createInvite = Route(.post, "/api/my/meshes/{id}/invites")
    public static let revokeInvite = Route(.delete, "/api/my/meshes/{id}/invites/{invite_id}")
    public static let listPeers = Route(.get, "/api/my/meshes/{id}/sessions", items: "peers")
    public static let registerSession = Route(.post, "/api/my/meshes/{id}/sessions")
    public static let endSession = Route(.delete, "/api/my/meshes/{id}/sessions/{session_id}")
    public static let adoptGuest = Route(.post, "/api/my/guests")

    // Public.
    public static let invitePreview = Route(.get, "/api/public/invites/{code}")
    public static let claimInvite = Route(.post, "/api/public/invites/{code}/claim")
    public static let telemetry = Route(.post, "/api/telemetry")
    public static let health = Route(.get, "/health")
    public static let ready = Route(.get, "/health/ready")
}
