// The cards of what stands in the lists: a peer, a person, a topic; a message whole; and what one may do about each.

import Canvas
import FoundationEssentials
import Localization
import MeshAPI
import Widgets

extension Screens {
    func peer(_ id: String) -> ScreenModel {
        guard let peer = state.roster.peer(id) else { return gone(.peer) }
        let name = pen.name(peer)
        var model = screen(.peer, name)
        var facts = [
            Fact(pen(.peer), sign: pen.sign(peer).0, "\(name)\(pen.between)\(pen.doing(peer))"),
            fact(.whose, whose(peer)),
        ]
        if let role = peer.role { facts.append(fact(.role, pen.strings(role: role))) }
        let session = pen(.session, ["id": String(peer.sessionID.prefix(8))])
        let place = [peer.host, peer.directory, session].compactMap(\.self)
        facts.append(fact(.whereRuns, place.joined(separator: pen.between)))
        facts.append(fact(.takes, pen.takes(peer)))
        if let seen = state.log.lastSeen(of: peer.sessionID) { facts.append(fact(.lastSeen, pen.day(seen))) }
        model.groups = [[.facts(facts)], [menu(.peer, doings(of: peer, name))]]
        model.keys = keys.menu()
        return model
    }

    private func whose(_ peer: Peer) -> String {
        if peer.isSelf { return pen(.yours) }
        guard let member = peer.member else { return "" }
        let membership = state.roster.member(member.id).map { pen.membership($0.membership) }
        return [member.name, membership].compactMap(\.self).joined(separator: ", ")
    }

    private func doings(of peer: Peer, _ name: String) -> [MenuItem] {
        var items = [
            MenuItem("write", pen(.writeToIt), .write(name)), MenuItem("said", pen(.saidWithIt), .said(name)),
        ]
        if peer.isSelf, peer.live, peer.host == state.facts.machine {
            items.append(MenuItem("go", pen(.goToIt), .goTo(peer.sessionID)))
        }
        let member = peer.member
        if let member, !peer.isSelf {
            items.append(
                MenuItem("contact", pen(.setContact, ["name": pen.short(member.name)]), .show(.contact(member.id))))
        }
        if peer.live, peer.isSelf || member.map({ state.moderates($0.id) }) == true {
            items.append(MenuItem("out", pen(.putOut), note: pen(.putOutNote), .show(.putOut(peer.sessionID))))
        }
        if let member, state.moderates(member.id) {
            items.append(
                MenuItem("ban", pen(.ban, ["name": member.name]), note: pen(.banNote), .show(.ban(member.id))))
        }
        return items
    }

    func person(_ id: String) -> ScreenModel {
        guard let member = state.roster.member(id) else { return gone(.person) }
        var model = screen(.person, member.name)
        let sessions = state.roster.peers.filter {
            $0.live && $0.member?.id == id || $0.isSelf && id == state.me?.id && $0.live
        }
        var facts = [
            fact(.person, member.name + pen.between + pen.membership(member.membership)),
            fact(.address, member.handle ?? member.id),
            fact(.sessions, sessions.isEmpty ? pen(.noneHere) : sessions.map(pen.name).joined(separator: ", ")),
        ]
        if let grant = state.roster.grant(id) { facts.append(fact(.contact, pen.contact(grant))) }
        var items: [MenuItem] = []
        if id != state.me?.id {
            let address = member.handle ?? member.id
            items = [
                MenuItem("write", pen(.writeTo, ["name": member.name]), .write(address)),
                MenuItem("said", pen(.saidWith, ["name": member.name]), .said(address)),
                MenuItem("contact", pen(.setContact, ["name": pen.short(member.name)]), .show(.contact(id))),
            ]
            if state.moderates(id) {
                items.append(MenuItem("ban", pen(.ban, ["name": member.name]), note: pen(.banNote), .show(.ban(id))))
            }
        } else {
            items = [MenuItem("attention", pen(.whatMayWake), .show(.attention))]
        }
        model.groups = [[.facts(facts)], [menu(.person, items)]]
        model.keys = keys.menu()
        return model
    }

    func topic(_ name: String) -> ScreenModel {
        guard let topic = state.roster.topic(name) else { return gone(.topic) }
        var model = screen(.topic, "#\(name)")
        var facts = [
            fact(.topic, "#\(name)"), fact(.madeBy, topic.by.name + pen.between + pen.day(topic.createdAt)),
            fact(.members, pen.strings.number(topic.members)),
        ]
        if let about = topic.about { facts.insert(fact(.about, about), at: 1) }
        var items = [
            MenuItem("write", pen(.writeTo, ["name": "#\(name)"]), .write("#\(name)")),
            MenuItem("said", pen(.saidIn, ["name": "#\(name)"]), .said("#\(name)")),
            MenuItem("mute", pen(topic.muted ? .unmute : .mute), note: pen(.muteNote), .mute(name, !topic.muted)),
        ]
        if name != Topic.general {
            items.append(MenuItem("join", pen(topic.joined ? .leaveTopic : .joinTopic), .join(name, !topic.joined)))
        }
        model.groups = [[.facts(facts)], [menu(.topic, items)]] + remark
        model.keys = keys.menu()
        return model
    }

    /// A text to its end, what became of it, and what to do about it.
    func message(_ id: String) -> ScreenModel {
        guard let message = state.log[id] else { return gone(.message) }
        var model = screen(.message, pen(.messageTitle, ["id": String(id.prefix(8))]))
        let head = [
            pen.name(message.from) + " \(pen.signs.arrow) " + pen.addressees(message), pen.day(message.createdAt),
        ]
        model.groups = [[.text(head.joined(separator: pen.between))], [.passage(message.body, from: state.readFrom)]]
        if let standing = pen.givenSentence(message) ?? pen.standing(message)?.text {
            model.groups.append([.hint(standing)])
        }
        var items: [MenuItem] = []
        if message.from.kind != .key, message.from.id != state.me?.id {
            items.append(MenuItem("answer", pen(.answer), .answer(id)))
        }
        if state.isMine(message.mailbox), state.forYou.contains(.word(message)) {
            items.append(MenuItem("done", pen(.doneWithIt), .settle(.word(message))))
        }
        items.append(MenuItem("said", pen(.saidWith, ["name": partner(message)]), .said(partner(message))))
        model.groups.append([menu(.message, items + [MenuItem("back", pen.strings[.back], .dismiss)])])
        model.keys = keys.menu(reads: true)
        return model
    }

    private func partner(_ message: Message) -> String {
        if let topic = message.topic { return "#\(topic)" }
        return message.from.member.id == state.me?.id ? message.to.first ?? "" : message.from.address
    }

    private func gone(_ id: ScreenID) -> ScreenModel {
        var model = screen(id, pen(.goneTitle))
        model.groups = [[.text(pen(.isGone))], [menu(id, [MenuItem("back", pen.strings[.back], .dismiss)])]]
        model.keys = keys.menu()
        return model
    }

    func fact(_ label: WatchText, _ value: String) -> Fact { Fact(pen(label), value) }
}

extension Pen {
    func membership(_ membership: Membership) -> String {
        switch membership {
        case .owner: strings[.owner]
        case .admin: strings[.admin]
        case .member: strings[.member]
        }
    }

    /// When what is sent to it is read.
    func takes(_ peer: Peer) -> String {
        // What its person chose for all of theirs holds too; of others the server does not say it.
        let chosen = peer.isSelf ? state.me?.attention ?? .open : .open
        return switch (peer.receives, peer.attention.isWithin(chosen) ? peer.attention : chosen) {
        case (.nothing, _): self(.takesNothing)
        case (.look, _): self(.takesLook)
        case (.turn, _): self(.takesTurn)
        case (.wake, .open): self(.takesWake)
        case (.wake, .focus): self(.takesFocus)
        case (.wake, .quiet): self(.takesQuiet)
        }
    }

    func contact(_ grant: Grant) -> String {
        switch grant.state {
        case .open: self(.contactOpen)
        case .held: self(.contactHeld)
        case .refused: self(.contactRefused)
        case .blocked: self(.contactBlocked)
        }
    }
}

extension Log {
    /// When a session last showed something that was sent to it.
    func lastSeen(of session: String) -> Date? {
        for message in messages.reversed().prefix(500) {
            let receipt = message.receipts?.first { $0.id == session && $0.state.isRead }
            if let receipt { return receipt.times[.seen] ?? receipt.at }
            if message.mailbox?.id == session, message.state?.isRead == true { return message.createdAt }
        }
        return nil
    }
}
