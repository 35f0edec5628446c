// What is written: to whom, with what, and what became of it.

import Canvas
import FlowEngine
import FoundationEssentials
import Localization
import MeshAPI
import Widgets

extension WatchState {
    private var draftKey: String { "\(mesh.id)\n\(compose.to ?? "")" }

    func draft(_ address: String?) -> TextInput? { compose.drafts["\(mesh.id)\n\(address ?? "")"] }

    /// For whom else something was begun and not sent.
    var otherDrafts: [String] {
        compose.drafts.filter { $0.key != draftKey && !$0.value.isEmpty }.keys.compactMap {
            $0.split(separator: "\n").dropFirst().first.map(String.init)
        }.sorted()
    }

    mutating func keepDraft() { compose.drafts[draftKey] = compose.input.isEmpty ? nil : compose.input }

    /// The line is for this address now. What stood in it is kept with the former one.
    mutating func write(to address: String) {
        overlays = Overlays()
        place = .line
        filter.isTyping = false
        keepDraft()
        compose.answers = nil
        guard compose.to != address else { return }
        compose.to = address
        compose.input = draft(address) ?? TextInput()
        compose.completion = nil
    }

    mutating func answer(_ id: String) {
        guard let message = log[id] else { return }
        write(to: message.topic.map { "#\($0)" } ?? shown(message.from))
        compose.answers = id
    }

    /// What one writes to answer: of one's own the handle is enough.
    func shown(_ sender: Sender) -> String {
        guard sender.kind == .peer, sender.member.id == me?.id else { return sender.address }
        return sender.address.split(separator: "/").last.map(String.init) ?? sender.address
    }

    mutating func choose(candidate move: Move) {
        guard let completion = compose.completion else { return }
        let count = completion.candidates.count
        compose.completion?.selected =
            (completion.selected + (move == .up || move == .previous ? count - 1 : 1)) % count
    }

    mutating func send() -> [Effect] {
        compose.completion = nil
        guard let target = compose.target(roster) else {
            remark = Remark(.warning, Said(compose.input.isEmpty ? .toNobodyYet : .toWhom))
            return []
        }
        if target.isOneShot, target.text.isEmpty {
            // An address alone: the line is for it from now on.
            compose.input = TextInput()
            write(to: target.to)
            return []
        }
        guard !target.text.isEmpty else { return [] }
        if target.text.utf8.count > SendMessage.mostBytes {
            remark = Remark(.error, Said(.tooLong))
            return []
        }
        if let finding = SecretScan.first(in: target.text), compose.confirmed != target.text {
            compose.confirmed = target.text
            remark = Remark(.warning, Said(finding.kind == .privateKey ? .looksLikeKey : .looksLikeToken))
            return []
        }
        queue(target)
        return []
    }

    private mutating func queue(_ target: Target) {
        compose.count += 1
        let answers = target.isOneShot ? nil : compose.answers
        let message = SendMessage(
            to: answers == nil ? Addresses([target.to]) : nil, body: target.text,
            clientId: "\(facts.runID)-\(compose.count)", replyTo: answers)
        compose.outbox.append(OutboxMessage(message: message, mesh: mesh.id, writtenAt: now.wall))
        compose.input = TextInput()
        keepDraft()
        compose.confirmed = nil
        if !target.isOneShot { compose.answers = nil }
        if let answers {
            inTray.settle(answers)
            log.setState(.acknowledged, of: answers)
        }
        inTray.goOn(target.to, log)
        view.anchor = nil
        log.newFrom = nil
    }

    /// Sends what is oldest, one after the other: their order is the order they were written in.
    mutating func flush() -> [Effect] {
        guard link.isLive, let first = compose.outbox.first, !first.isSending else { return [] }
        compose.outbox[0].isSending = true
        // What waited says when it was written.
        if now.wall - first.writtenAt > 5 {
            compose.outbox[0].message.writtenAt = Date(timeIntervalSince1970: Double(first.writtenAt))
        }
        return [.send(first.mesh, compose.outbox[0].message)]
    }

    mutating func sent(_ id: String, _ sent: SentMessage) -> [Effect] {
        guard let index = compose.outbox.firstIndex(where: { $0.message.clientId == id }) else { return [] }
        let outgoing = compose.outbox.remove(at: index)
        guard outgoing.mesh == mesh.id, let me else { return [] }
        let to = outgoing.message.to?.all ?? sent.recipients.map(\.who.address)
        let topic = sent.recipients.first { $0.who.kind == .topic }?.who.name
        var message = Message(
            id: sent.id, seq: sent.seq,
            from: Sender(
                kind: .member, id: me.id, address: me.handle ?? me.name, name: me.name,
                member: MemberName(id: me.id, name: me.name, handle: me.handle)),
            to: to, topic: topic.map { $0.hasPrefix("#") ? String($0.dropFirst()) : $0 }, body: outgoing.message.body,
            replyTo: outgoing.message.replyTo, chain: sent.chain, hop: sent.hop, reason: .direct,
            createdAt: sent.createdAt, expiresAt: sent.expiresAt)
        message.writtenAt = outgoing.message.writtenAt
        message.states = Dictionary(grouping: sent.recipients, by: \.state).mapValues(\.count)
        message.receipts = sent.recipients.filter { $0.who.kind == .peer || $0.who.kind == .member }.map {
            Receipt(
                messageId: sent.id, kind: $0.who.kind, id: $0.who.id, name: $0.who.name, state: $0.state,
                reason: $0.reason, at: sent.createdAt, times: [:])
        }
        // An event may have been faster, and knows more.
        if log[sent.id] == nil { log.add(message) }
        if filter.isActive { findMatches() }
        remark = Self.remark(on: sent)
        return []
    }

    /// What needs to be known of a message that was taken.
    private static func remark(on sent: SentMessage) -> Remark? {
        if let held = sent.recipients.first(where: { $0.state == .held }) {
            return Remark(.warning, Said(.heldThere, ["name": held.who.member?.name ?? held.who.name]))
        }
        if let refused = sent.recipients.first(where: { $0.state == .refused }) {
            return Remark(.warning, Said(.refusedThere, ["name": refused.who.member?.name ?? refused.who.name]))
        }
        if let others = sent.notInContact, !others.isEmpty {
            let names = others.map(\.address).joined(separator: ", ")
            return Remark(.warning, Said(.notInContact, ["names": names]))
        }
        return sent.recipients.isEmpty ? Remark(.warning, Said(.nobodyThere)) : nil
    }

    mutating func unsent(_ id: String, _ failure: APIFailure) -> [Effect] {
        guard let index = compose.outbox.firstIndex(where: { $0.message.clientId == id }) else { return [] }
        switch failure {
        case .unreachable, .cancelled:
            // It waits here, and goes by itself once there is a connection.
            compose.outbox[index].isSending = false
            if link.isLive { goOffline(failure, seconds: 5, isFollowing: true) }
            return []
        case .refused(let status, _, let retryAfter) where status == 429 || status >= 500:
            compose.outbox[index].isSending = false
            if status >= 500 || failure.code == "rate_limit" {
                goOffline(failure, seconds: retryAfter ?? 5, isFollowing: true)
                return []
            }
            fallthrough
        case .refused:
            let outgoing = compose.outbox.remove(at: index)
            giveBack(outgoing)
            remark = Remark(.error, Self.said(failure, to: outgoing.message.to?.all.first ?? ""))
            return []
        }
    }

    /// The text of what was not sent stands in the line again, unless something else does.
    private mutating func giveBack(_ outgoing: OutboxMessage) {
        guard compose.input.isEmpty, outgoing.mesh == mesh.id else { return }
        let address = outgoing.message.to?.all.first ?? ""
        let isTo = address == compose.to || outgoing.message.to == nil
        let mark = address.hasPrefix("@") || address.hasPrefix("#") ? "" : "@"
        compose.input = TextInput(isTo ? outgoing.message.body : "\(mark)\(address) \(outgoing.message.body)")
        compose.answers = compose.answers ?? outgoing.message.replyTo
        keepDraft()
    }

    /// What the mesh refuses, in words.
    static func said(_ failure: APIFailure, to address: String) -> Said {
        guard case .refused(_, let body, let retryAfter) = failure else { return Said(.failed, ["reason": ""]) }
        let address = body?.address ?? address
        switch body?.error {
        case "no_recipient":
            let near = (body?.near ?? []).map(\.address) + (body?.roles ?? []).map { "@\($0.role)" }
            return near.isEmpty
                ? Said(.nobodyCalled, ["address": address])
                : Said(.nobodyCalledNear, ["address": address, "names": near.joined(separator: ", ")])
        case "ambiguous":
            let names = (body?.candidates ?? []).map(\.address).joined(separator: ", ")
            return Said(.severalFit, ["address": address, "names": names])
        case "self": return Said(.isYou)
        case "blocked": return Said(.takesNone, ["name": address])
        case "held_full": return Said(.heldFull, ["name": address])
        case "rate_limit": return Said(.tooFast, ["n": "\(retryAfter ?? 30)"])
        default: return Said(.failed, ["reason": body?.message ?? body?.error ?? "HTTP \(failure.status ?? 0)"])
        }
    }
}
