// The first action of a run: what flags, environment and files have answered already, and the requests behind the first frame.

import Canvas
import FlowEngine
public import MeshAPI

extension WizardState {
    mutating func start() -> [Effect] {
        if let place = request.resume?.elsewhere, !request.choosesConversation {
            if request.yes && place.isGone {
                outcome = .failed(.directoryGone(path: place.shown))
                return []
            }
            goesThere = request.yes
            if !request.yes { overlays.present(.elsewhere(place)) }
        }
        if request.picksLaunch { overlays.present(.launches) }
        if let mesh = facts.nestedMesh {
            if request.yes {
                outcome = .failed(.nested(mesh: mesh))
                return []
            }
            overlays.present(.nested(mesh: mesh))
        }
        let effects = startWayIn()
        fillAnswers()
        guard let reference = request.join else { return effects }
        if identity == nil && wayIn == nil { wayIn = .invite }
        return effects + lookUp(reference)
    }

    private mutating func startWayIn() -> [Effect] {
        switch request.wayIn {
        case .token(let token, let source):
            wayIn = .token
            tokenEntry.source = source
            tokenEntry.takesWhenChecked = true
            inputs[.token] = TextInput(token.reveal, bringsBack: false)
            return checkToken(token)
        case .local:
            wayIn = .local(chosen: nil)
            return startLocalServer()
        case nil:
            if identity == nil { return [] }
            return server.isLocal ? startLocalServer() : refresh()
        }
    }

    /// Asks who one is and for the meshes: the check behind the first frame.
    mutating func refresh() -> [Effect] {
        meshes.phase = .loading
        return [.checkIdentity(access), .loadMeshes(access)]
    }

    mutating func startLocalServer() -> [Effect] {
        local = .starting
        return [.startLocalServer]
    }

    /// Nobody waits for the server of this machine any more.
    mutating func stopLocal() -> [Effect] {
        local = .idle
        return [.cancel(.local)]
    }

    /// The meshes on disk for the server and account in force, to be drawn before any answer. Before `started`.
    /// - Parameter at: when they were written, in seconds since 1970; nil where there are none.
    public mutating func takeSaved(_ saved: [Mesh], at: Int?) {
        setRows(saved)
        meshes.savedAt = at
    }

    /// A key for one thing to be made, the same over its retries.
    mutating func makeKey() -> String {
        keysMade += 1
        return "\(facts.runID)-\(keysMade)"
    }
}
