// What the tokens of sessions that are over are told.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

extension EndedTokenRow {
    var refusal: Refusal {
        let message =
            switch reason {
            case .banned: "You are banned from \(meshName). Ask the mesh's owner."
            case .kicked: "Put out of \(meshName)\(byName.map { " by \($0)" } ?? ""). Launch again to come back."
            case .moved: "This session of \(meshName) was taken up elsewhere."
            case .removed: "This session's member does not belong to \(meshName) any more."
            }
        var refusal = Refusal(.forbidden, reason.rawValue, message)
        refusal.body.mesh = meshName
        if reason == .kicked { (refusal.body.by, refusal.body.at) = (byName, at) }
        return refusal
    }
}

extension Refusal {
    static func banned(from mesh: String) -> Refusal {
        EndedTokenRow(reason: .banned, meshName: mesh).refusal
    }
}
