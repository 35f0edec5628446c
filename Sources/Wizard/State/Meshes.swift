// The meshes of the account, the filter over them, and the draft of a new one.

import MeshAPI

/// The list. Drawn from disk at first paint, corrected by the server.
public struct Meshes: Sendable, Hashable {
    public enum Phase: Sendable, Hashable {
        /// Nothing was asked yet.
        case idle
        case loading
        /// From the server.
        case loaded
        /// The rows, if any, are those of `savedAt`.
        case failed(Retry)
    }

    public var phase: Phase = .idle
    /// Last used first, then the newest.
    public internal(set) var rows: MeshListRows = MeshListRows()
    /// When the rows on disk were written, in seconds since 1970; nil once the server answered.
    public var savedAt: Int?
    /// How many have come of an answer that is not whole yet.
    var soFar = 0
    /// Made or joined in this run: an answer that was on its way before may not know them.
    var added: [Mesh] = []
    /// A new mesh is being drafted: the step shows its create screen.
    public var draft: MeshDraft?
    /// A row is opened: the step shows what can be done with that mesh.
    public var opened: OpenedMesh?
    /// What was done to a row last.
    var done: MeshDone?
    /// Why the step is open though an answer was there.
    public var notice: MeshNotice?

    public init() {}

    /// Whether the number of meshes is known, from the server or from disk.
    public var isKnown: Bool { phase == .loaded || savedAt != nil }

    /// They did not come, and none are known from before.
    public var areOutOfReach: Bool {
        if case .failed = phase { rows.all.isEmpty } else { false }
    }
}

/// What the list must say besides its rows.
public enum MeshNotice: Sendable, Hashable {
    /// The account no longer has the mesh of the former answer.
    case gone(name: String)
    /// `--mesh` or the variable names none; the closest, if one is close.
    case unknown(query: String, closest: String?)
    /// It names more than one.
    case ambiguous(query: String, ids: [String])
}

/// A mesh to be. Its name is in the field `meshName`.
public struct MeshDraft: Sendable, Hashable {
    public enum Phase: Sendable, Hashable {
        case editing
        case creating
    }

    public var phase: Phase = .editing
    /// What the slug will be.
    public var slug: String
    /// The slug of the name, where that is taken and `slug` is the free one.
    public var takenSlug: String?
    /// Kept over retries of the same name, so that two never make two.
    public var idempotencyKey: String
    /// What was sent last; nil before.
    public internal(set) var sent: Sent?
    /// The name it was opened with: more than that is typed.
    var openedWith = ""
    /// Sent and given up before an answer: it may be made all the same.
    var mayExist = false

    public struct Sent: Sendable, Hashable {
        var name: String
        /// Only where it is not that of the name.
        var slug: String?
    }

    public init(slug: String, idempotencyKey: String) {
        self.slug = slug
        self.idempotencyKey = idempotencyKey
    }
}
