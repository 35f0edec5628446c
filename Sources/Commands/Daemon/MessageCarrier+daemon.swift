// The daemon as a launch sees it: it takes the session over, and gives it back at the end.

import WizardRun
import Console
import FoundationEssentials
import Platform
import Peers

extension MessageCarrier {
    /// nil where nothing can carry messages here.
    init?(_ context: Context) {
        guard let control = try? DaemonControl(context), let program = ownProgram() else {
            return nil
        }
        let (host, agentFolder) = (context.hostName, AgentFiles.folder(context.environment))
        self.init(program: program, version: Release.version) { session in
            let facts = SessionFacts(
                session, host: host, socket: control.place.socket, agentFolder: agentFolder)
            guard let token = try? SessionToken.read(session.tokenFile), Self.leave(facts, beside: session.tokenFile),
                await control.ensure()
            else { return false }
            let line = DaemonLine(place: control.place, token: token)
            guard await line.register(facts) else { return false }
            // Until this process ends.
            Task { await line.live() }
            return true
        } end: { session in
            guard let token = try? SessionToken.read(session.tokenFile) else { return }
            await DaemonLine(place: control.place, token: token).end(session.id)
        } keptConversation: { session in
            agentFolder.flatMap { AgentFiles.keptConversation(of: session, in: $0) }
        }
    }

    /// For the session's tools, which are started by Claude Code: in the session's own folder, for this user alone.
    private static func leave(_ facts: SessionFacts, beside tokenFile: String) -> Bool {
        let folder = URL(filePath: tokenFile).deletingLastPathComponent().path
        do {
            try WholeFile.create(
                "\(folder)/\(LaunchedSessionFile.name)", bytes: JSONEncoder().encode(facts), isSynced: false)
            return true
        } catch {
            return false
        }
    }
}

extension SessionFacts {
    fileprivate init(_ session: LaunchedSession, host: String, socket: String, agentFolder: String?) {
        self.init(
            sessionID: session.id, server: session.server, meshID: session.meshID, meshSlug: session.meshSlug,
            meshName: session.meshName,
            accountID: session.accountID, memberName: session.memberName, displayName: session.displayName,
            role: session.role, host: host, directory: session.directory, receives: session.receives,
            attention: session.attention, can: session.can, language: session.language,
            bypasses: session.bypasses, tokenFile: session.tokenFile, owner: .own, socket: socket,
            agentFolder: agentFolder)
    }
}
