// Why somebody is not put out of a mesh or banned, and what to do instead.

public import MeshAPI

extension ModerationBar {
    /// With `{name}`, whom it is about, and `{mesh}`.
    public var text: ModerationText {
        switch self {
        case .oneself: .banSelf
        case .noModerator: .onlyModerators
        case .owner: .noOwnerOut
        case .admin: .noAdminOut
        }
    }

    /// With `{slug}`, the mesh's.
    public var remedy: ModerationText? { self == .oneself ? .banSelfRemedy : nil }
}
