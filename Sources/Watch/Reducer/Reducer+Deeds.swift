// What is asked of the server by hand: contacts, putting out, attention, topics, another mesh; and what became of it.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Text
import Widgets

extension WatchState {
    mutating func decide(_ choice: FirstWord, _ message: Message) -> [Effect] {
        overlays.dismiss(.firstWord)
        let member = message.from.member
        switch choice {
        case .later: return []
        case .letIn: return [.grant(mesh.id, member: member.id, [.dm, .broadcast], .letIn(member.name))]
        case .block: return [.grant(mesh.id, member: member.id, [], .block(member.name))]
        case .refuse: return [.refuse(mesh.id, message: message.id, .refuse(member.name))]
        }
    }

    mutating func setContact(_ member: String, _ contact: ContactChoice) -> [Effect] {
        overlays.dismiss(.contact)
        let name = roster.member(member)?.name ?? member
        switch contact {
        case .letIn: return [.grant(mesh.id, member: member, [.dm, .broadcast], .letIn(name))]
        case .block: return [.grant(mesh.id, member: member, [], .block(name))]
        case .asMesh: return [.grant(mesh.id, member: member, nil, .asMesh(name))]
        }
    }

    /// The name that has to be typed: a session's address, a member's name.
    var askedName: String? {
        switch overlays.top {
        case .putOut(let id): roster.peer(id).map { $0.isSelf ? $0.handle : $0.address }
        case .ban(let id): roster.member(id)?.name
        default: nil
        }
    }

    /// Done where the name that was typed is the one asked for, whatever the case.
    mutating func confirmName() -> [Effect] {
        guard let name = askedName, nameInput.text.trimmingWhitespace().folded() == name.folded() else {
            remark = Remark(.error, Said(.otherName))
            return []
        }
        defer { overlays = Overlays() }
        switch overlays.top {
        case .putOut(let id): return [.putOut(mesh.id, session: id, .putOut(name))]
        case .ban(let id): return [.ban(mesh.id, member: id, .ban(name))]
        default: return []
        }
    }

    /// Another mesh, where one was; what stood in the line is kept for when one comes back.
    mutating func openMesh(_ id: String) -> [Effect] {
        overlays = Overlays()
        guard let found = meshes?.first(where: { $0.id == id }), id != mesh.id else { return [] }
        keepDraft()
        var other = WatchState(facts: facts, settings: settings, mesh: MeshName(found), now: now)
        (other.meshes, other.focus, other.size, other.place) = (meshes, focus, size, .line)
        other.compose.drafts = compose.drafts
        other.compose.outbox = compose.outbox
        other.compose.count = compose.count
        other.me = me.map { Member(id: $0.id, name: $0.name, membership: found.membership, joinedAt: found.joinedAt) }
        self = other
        compose.input = draft(nil) ?? TextInput()
        return [.follow(id)]
    }

    mutating func done(_ deed: Deed) -> [Effect] {
        switch deed {
        case .letIn(let name):
            settleHeld(of: name)
            remark = Remark(.success, Said(.letInDone, ["name": name]))
            return [.loadLists(mesh.id), .loadWaiting(mesh.id), .loadMessages(mesh.id, before: nil)]
        case .refuse(let name):
            settleHeld(of: name)
            remark = Remark(.success, Said(.refuseDone, ["name": name]))
            return [.loadWaiting(mesh.id)]
        case .block(let name):
            settleHeld(of: name)
            remark = Remark(.success, Said(.blockDone, ["name": name]))
            return [.loadLists(mesh.id), .loadWaiting(mesh.id)]
        case .asMesh(let name):
            remark = Remark(.success, Said(.asMeshDone, ["name": name]))
            return [.loadLists(mesh.id)]
        case .putOut(let name):
            remark = Remark(.success, Said(.putOutDone, ["name": name]))
            return [.loadLists(mesh.id)]
        case .ban(let name):
            remark = Remark(.success, Said(.banDone, ["name": name, "mesh": mesh.name]))
            return [.loadLists(mesh.id)]
        case .attention(let attention):
            me?.attention = attention
            remark = Remark(.success, Said(attention.said))
        case .mute(let topic): remark = Remark(.success, Said(.mutedDone, ["topic": topic]))
        case .unmute(let topic): remark = Remark(.success, Said(.heardDone, ["topic": topic]))
        case .join(let topic): remark = Remark(.success, Said(.joinedDone, ["topic": topic]))
        case .leave(let topic): remark = Remark(.success, Said(.leftDone, ["topic": topic]))
        case .history, .missed, .lists, .meshes, .ends: break
        }
        return [.loadTopics(mesh.id)]
    }

    private mutating func settleHeld(of name: String) {
        for message in inTray.held where message.from.member.name == name {
            inTray.settleHeld(of: message.from.member.id)
        }
    }

    mutating func failed(_ deed: Deed, _ failure: APIFailure) {
        switch deed {
        // A connection kept from before a cut fails once though the server is there again and what happens is told: all of
        // it is read again in a moment.
        case .history, .missed, .lists:
            if deed == .history { log.isLoadingOlder = false }
            if deed == .lists { inTray.isRead = true }
            if case .unreachable = failure { return readAgain(failure) }
            if deed == .missed, failure.mayPass { return readAgain(failure) }
        case .meshes: if case .unreachable = failure { return }
        // The question stands without the numbers.
        case .ends: return
        default: break
        }
        switch failure {
        case .cancelled: return
        case .unreachable: remark = Remark(.error, Said(.notReached, ["host": facts.host]))
        case .refused: remark = Remark(.error, Self.said(failure, to: ""))
        }
    }

    /// Where nobody says that the server is away, we do.
    private mutating func readAgain(_ failure: APIFailure) {
        guard link.isLive else { return }
        var seconds = 2
        if case .refused(_, _, let wait?) = failure { seconds = wait }
        goOffline(failure, seconds: seconds, isFollowing: true)
    }

    static func said(_ place: RunsIn) -> Said {
        switch place {
        case .wentThere(let name): Said(.wentThere, ["name": name])
        case .terminal(let name, let terminal): Said(.runsInTerminal, ["name": name, "terminal": terminal])
        case .elsewhere(let name, let host): Said(.runsOn, ["name": name, "host": host])
        }
    }
}

extension APIFailure {
    /// Whether the same request may be answered later.
    fileprivate var mayPass: Bool { status.map { $0 >= 500 || $0 == 429 || $0 == 408 } ?? true }
}

extension Attention {
    var said: WatchText {
        switch self {
        case .open: .attentionOpenDone
        case .focus: .attentionFocusDone
        case .quiet: .attentionQuietDone
        }
    }
}
