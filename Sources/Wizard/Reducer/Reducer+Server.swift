// Another server, named on the way in: it is asked whether it is one of ours before anything is signed in to there.

import Canvas
import FlowEngine
import MeshAPI

extension WizardState {
    mutating func askForServer() -> [Effect] {
        serverEntry = ServerEntry()
        return []
    }

    mutating func serverEdited() -> [Effect] {
        serverEntry?.phase = .typing(nil)
        return [.cancel(.server)]
    }

    /// Enter: looks at the server that is named, and takes it once it has proved to be one.
    mutating func submitServer() -> [Effect] {
        switch serverEntry?.phase {
        case .checked(let server, _): return use(server)
        case .checking, nil: return []
        case .typing, .failed: break
        }
        let text = (inputs[.server]?.text ?? "").trimmingWhitespace()
        if let effects = inviteInsteadOfServer(text) { return effects }
        guard let address = try? ServerAddress(ofPage: text) else {
            serverEntry?.phase = .typing(text.isEmpty ? .empty : .notAnAddress)
            return []
        }
        guard address.takesSecrets else {
            serverEntry?.phase = .typing(.insecure)
            return []
        }
        // Of a page's address the field keeps what is looked at.
        if (try? ServerAddress(text)) == nil { inputs[.server] = TextInput(address.description) }
        let server = Server(address)
        serverEntry?.phase = .checking(server)
        return [.checkServer(server.baseURL)]
    }

    /// Takes the place of an address that nobody typed, and a whole one that of any; nil: it is a part of what is typed.
    mutating func serverPasted(_ text: String) -> [Effect]? {
        if let effects = inviteInsteadOfServer(text) { return effects }
        let isWhole = text.contains("://") && (try? ServerAddress(ofPage: text)) != nil
        guard isWhole || inputs[.server]?.text == defaultText(.server) else { return nil }
        return edit(.server, TextInput(text.trimmingWhitespace()))
    }

    /// An invite names its server by itself: joining asks whether to go there.
    private mutating func inviteInsteadOfServer(_ text: String) -> [Effect]? {
        guard let reference = InviteReference.parse(text), reference.server != nil else { return nil }
        return leaveServer() + join(by: reference, text)
    }

    mutating func serverChecked(_ baseURL: String, version: String?) {
        guard case .checking(let server) = serverEntry?.phase, server.baseURL == baseURL else { return }
        serverEntry?.phase = .checked(server, version: version)
    }

    mutating func serverCheckFailed(_ trouble: Trouble) -> [Effect] {
        guard case .checking(let server) = serverEntry?.phase else { return [] }
        // By hand alone: a wrong address does not mend itself.
        serverEntry?.phase = .failed(server, Retry(trouble, attempt: 1))
        return []
    }

    mutating func leaveServer() -> [Effect] {
        serverEntry = nil
        inputs[.server] = nil
        return [.cancel(.server)]
    }

    private mutating func use(_ chosen: Server) -> [Effect] {
        let effects = leaveServer()
        guard chosen != remote else { return effects }
        (server, remote) = (chosen, chosen)
        if facts.signedInElsewhere == chosen.host { facts.signedInElsewhere = nil }
        facts.isServerNamed = true
        meshes = Meshes()
        return effects + stopTokenRetries() + endSignIn()
    }
}
