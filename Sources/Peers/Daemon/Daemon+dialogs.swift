// A first message that waits to be let in is asked about in Claude Code's own dialog: which one, when, and what the person
// chose. An open dialog is on the disk: whoever carries the session then takes the answer.

internal import FoundationEssentials
internal import Logging
internal import MeshAPI
internal import MeshClient
internal import MeshStore
internal import Platform

/// A dialog that is open.
struct FirstWordDialog: Sendable, Codable {
    var id: String
    var place: PersonPlace
    /// In whose Claude Code, and the process through which it was opened there.
    var sessionID: String
    var holder: Int32
    var message: Message

    /// It went with the process that opened it.
    var isOpen: Bool { ProcessTree.lives(holder) }
}

extension Daemon {
    /// At most one an hour.
    private static let askPause: TimeInterval = 3600

    /// Puts the oldest first message before the person, where one waits and they may be asked now.
    func askIfDue(_ place: PersonPlace) async {
        for dialog in dialogs.values where !dialog.isOpen { await close(dialog) }
        guard let waiting = firstWords[place], !waiting.isEmpty, !dialogs.values.contains(where: { $0.place == place })
        else { return }
        let now = world.now()
        let last = try? await world.store.read { try $0.daemon.askedAt(place.accountID) }
        if let at = last ?? nil, now.timeIntervalSince(at) < Self.askPause { return }
        guard let session = await lastTyped(at: place, canAsk: true), let client = await personClient(place) else {
            return
        }
        // What was answered elsewhere meanwhile is not asked about; nor does a person who wants quiet have a dialog.
        guard let held = try? await client.messages(in: place.meshID, held: true),
            let message = waiting.first(where: { one in held.items.contains { $0.id == one.id } }),
            let myself = try? await client.changeMyself(ChangeMyself(), in: place.meshID), myself.attention != .quiet
        else { return }
        let grants = (try? await client.grants(in: place.meshID)) ?? []
        let grant = grants.first { $0.member.id == message.from.member.id }
        guard let holder = await session.holder else { return }
        let dialog = FirstWordDialog(
            id: SessionRandom.id(), place: place, sessionID: session.id, holder: holder, message: message)
        do {
            try await world.store.write(.nothing) { transaction in
                try transaction.daemon.setAskedAt(now, place.accountID)
                try transaction.daemon.saveDialog(dialog)
            }
        } catch {
            logger.error("a dialog was not stored, and is not opened", metadata: ["error": "\(error)"])
            return
        }
        dialogs[dialog.id] = dialog
        await session.ask(dialog.id, message, grant)
        logger.notice("asks about a first message", metadata: ["session": "\(session.id)"])
    }

    /// What the person chose. What could not be settled they are told, and asked again later.
    func answered(_ answer: FirstWordAnswer) async {
        guard let dialog = dialogs[answer.id] else { return }
        await close(dialog)
        guard let choice = answer.choice else { return }
        let (place, sender) = (dialog.place, dialog.message.from.member)
        do throws(APIFailure) {
            guard let client = await personClient(place) else {
                throw .refused(status: 401, body: nil, retryAfter: nil)
            }
            try await settle(choice, dialog.message, by: client, in: place.meshID)
            firstWords[place]?.removeAll { $0.from.member.id == sender.id }
        } catch {
            logger.warning("first message not settled", metadata: ["status": "\(error.status ?? 0)"])
            await session(id: dialog.sessionID)?.tellPerson(notSettled: sender.name)
        }
    }

    private func settle(
        _ choice: String, _ message: Message, by client: APIClient, in mesh: String
    ) async throws(APIFailure) {
        switch choice {
        case "let_in": _ = try await client.setGrant([.dm, .broadcast], to: message.from.member.id, in: mesh)
        case "block": _ = try await client.setGrant([], to: message.from.member.id, in: mesh)
        case "refuse":
            let session = message.mailbox?.kind == .peer ? message.mailbox?.id : nil
            _ = try await client.reportReceipts(
                [.init(messageId: message.id, sessionId: session, state: .refused, lane: .person)], in: mesh)
        default: break
        }
    }

    func close(_ dialog: FirstWordDialog) async {
        dialogs[dialog.id] = nil
        try? await world.store.write(.nothing) { try $0.daemon.endDialog(dialog.id) }
    }
}
