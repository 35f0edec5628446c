// `auth.json`: the sign-in of this machine. Written by a successful sign-in alone; its token goes to `server` and to no
// other. Shape: `{version:1, token, user:{id,name,email}, created_at, expires_at?, source, server}`.

package import FoundationEssentials
package import MeshAPI
internal import Platform

/// A stored sign-in. Prints without its token.
package struct AuthFile: Sendable, Hashable {
    /// What made it.
    package enum Source: String, Sendable, CaseIterable {
        case deviceCode = "device-code"
        case pat, invite, local
    }

    package static let version = 1

    package var token: String
    package var user: User
    package var createdAt: Date
    package var expiresAt: Date?
    package var source: Source
    package var server: ServerAddress

    package init(
        token: String, user: User, createdAt: Date, expiresAt: Date? = nil, source: Source, server: ServerAddress
    ) {
        self.token = token
        self.user = user
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.source = source
        self.server = server
    }

    package var credential: Authorization { .bearer(token) }

    /// Whether it is a guest's, good for one mesh.
    package var isGuest: Bool { source == .invite }
}

extension AuthFile: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "AuthFile(user: \(user.id), source: \(source), server: \(server))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["user": user.id, "server": server]) }
}

extension AuthFile {
    /// nil where `object` is not of this shape. A file without `server` is from before servers were kept.
    init?(_ object: JSONObject) {
        guard let token = object[string: "token"], let kind = TokenForm.kind(of: token),
            let user = object["user"]?.object, let id = user[string: "id"], !id.isEmpty,
            let name = user[string: "name"]
        else { return nil }
        var server = ServerAddress.standard
        if let value = object["server"] {
            guard let text = value.string, let address = try? ServerAddress(text) else { return nil }
            server = address
        }
        self.init(
            token: token, user: User(id: id, name: name, email: user[string: "email"]),
            createdAt: object[string: "created_at"].flatMap(WireJSON.parseTimestamp) ?? .distantPast,
            expiresAt: object[string: "expires_at"].flatMap(WireJSON.parseTimestamp),
            source: object[string: "source"].flatMap(Source.init) ?? (kind == .pat ? .pat : .deviceCode),
            server: server)
    }

    /// Puts this sign-in into `object`, whose other keys stay.
    func write(into object: inout JSONObject) {
        object[int: "version"] = Self.version
        object[string: "token"] = token
        var user = object["user"]?.object ?? JSONObject()
        user[string: "id"] = self.user.id
        user[string: "name"] = self.user.name
        user[string: "email"] = self.user.email
        object["user"] = .object(user)
        object[string: "created_at"] = WireJSON.timestamp(createdAt)
        object[string: "expires_at"] = expiresAt.map(WireJSON.timestamp)
        object[string: "source"] = source.rawValue
        object[string: "server"] = server.description
    }
}

extension ConfigDirectory {
    package static let authName = "auth.json"

    package var authPath: String { path(of: Self.authName) }

    /// The stored sign-in, nil where there is none. A file that others can read is narrowed, with a notice.
    package func readAuth() throws(AuthFailure) -> Loaded<AuthFile?> {
        var loaded = Loaded<AuthFile?>(value: nil)
        let bytes: Data?
        do { bytes = try read(Self.authName, &loaded.notices) } catch { throw .file(error) }
        guard let bytes else { return loaded }
        guard let object = (try? JSONReader.read(bytes))?.object else { throw .corrupted(path: authPath) }
        if let version = object[int: "version"], version > AuthFile.version {
            throw .newer(path: authPath, version: version)
        }
        guard object[int: "version"] == AuthFile.version, let auth = AuthFile(object) else {
            throw .corrupted(path: authPath)
        }
        loaded.value = auth
        return loaded
    }

    /// Replaces the stored sign-in. Keys of this version's file that we do not know stay.
    package func writeAuth(_ auth: AuthFile) throws(FileFailure) {
        try writing { () throws(FileFailure) in
            var ignored: [FileNotice] = []
            var object = JSONObject()
            // What is damaged, too large or from a newer version does not outlive a new sign-in. A link is refused: whoever made
            // it meant the file behind it, which every other command refuses to read.
            if let bytes = try? read(Self.authName, &ignored), let old = (try? JSONReader.read(bytes))?.object,
                old[int: "version"] == AuthFile.version
            {
                object = old
            }
            auth.write(into: &object)
            try replace(Self.authName, with: object)
        }
    }

    /// Throws where a sign-in could be neither kept nor removed: asked before a person or the server does something for it.
    package func checkAuthCanChange() throws(FileFailure) {
        try writing { () throws(FileFailure) in
            do throws(WholeFile.Failure) { try WholeFile.checkCanChange(authPath) } catch {
                throw FileFailure(error, path: authPath)
            }
        }
    }

    /// Removes the stored sign-in; false where there was none.
    @discardableResult
    package func removeAuth() throws(FileFailure) -> Bool {
        guard mayWrite, WholeFile.exists(authPath) else { return false }
        return try writing { () throws(FileFailure) in try SafeFile.remove(Self.authName, in: path) }
    }
}

/// `auth.json` as it was read, or why it was not. No `Result`: at the first one with an error of ours the runtime looks through all
/// types of the program for how that is an error, and that is before the first frame.
package enum StoredAuth: Sendable, Hashable {
    case read(AuthFile?)
    case failed(AuthFailure)

    package init(_ read: () throws(AuthFailure) -> AuthFile?) {
        do throws(AuthFailure) { self = .read(try read()) } catch { self = .failed(error) }
    }

    /// nil where there is none.
    package func get() throws(AuthFailure) -> AuthFile? {
        switch self {
        case .read(let auth): return auth
        case .failed(let failure): throw failure
        }
    }
}
