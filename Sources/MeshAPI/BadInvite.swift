// Why an invite cannot be used: what the text lacks, or what its server says. One list for the wizard and the commands.

/// Why an invite, as somebody holds it, cannot be used.
public enum BadInvite: Sendable, Hashable {
    case empty
    /// Neither a link nor a code.
    case notAnInvite
    /// The server knows no such invite.
    case unknown
    case expired
    case revoked
    case exhausted

    /// What a refusal's code alone says.
    public init?(code: String?) {
        switch code {
        case "invite_expired": self = .expired
        case "invite_revoked": self = .revoked
        case "invite_exhausted": self = .exhausted
        default: return nil
        }
    }

    /// What the refusal of a look-up or a claim says of the invite itself; nil where it says nothing of it.
    public init?(status: Int?, code: String?) {
        if let problem = BadInvite(code: code) {
            self = problem
            return
        }
        switch status {
        case 404, 410: self = .unknown
        case 400, 422: self = .notAnInvite
        default: return nil
        }
    }
}
