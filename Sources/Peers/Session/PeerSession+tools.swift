// What Claude asks for: the six tools, answered in words that say what is so and what to do next.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore
internal import MeshClient

extension PeerSession {
    /// Bytes of messages in one answer of `inbox`; one message goes whatever its length.
    private static let most = 48 << 10

    /// The answer to a call. Where nobody waits for it any more, what it would have given waits as before.
    package func call(_ call: ToolCall) async -> ToolAnswer {
        spokenAt = world.now()
        await keep(lanes.confirm())
        if let words = endedWords, !Self.worksAfterTheEnd(call) { return ToolAnswer(words, isError: true) }
        do throws(APIFailure) {
            switch call {
            case .peers(let match): return try await peers(match)
            case .send(let message): return await send(message)
            case .withdraw(let id):
                _ = try await client.withdrawMessage(id, in: facts.meshID)
                return ToolAnswer("Taken back. Nobody had seen it.")
            case .inbox(let done, let wait): return await inbox(done: done, wait: wait)
            case .read(let id): return try await read(id)
            case .history(let topic, let before): return try await history(topic, before: before)
            case .topics(let change): return try await topics(change)
            case .status(let attention): return await status(attention)
            }
        } catch {
            return ToolAnswer(RefusalWords.of(error, mesh: facts.meshSlug, host: client.server.host), isError: true)
        }
    }

    private static func worksAfterTheEnd(_ call: ToolCall) -> Bool {
        if case .status = call { true } else { false }
    }

    /// Why it is in its mesh no more; nil while it is.
    var endedWords: String? {
        guard case .over(let reason, let said) = link else { return nil }
        let body = said ?? ErrorBody(error: isSignedOut ? "unauthorized" : reason)
        let failure = APIFailure.refused(status: isSignedOut ? 401 : 403, body: body, retryAfter: nil)
        return RefusalWords.of(failure, mesh: facts.meshSlug, host: client.server.host)
    }

    private func peers(_ match: String?) async throws(APIFailure) -> ToolAnswer {
        let peers = try await client.peersHereAndAway(in: facts.meshID)
        let people = try await client.members(of: facts.meshID)
        return ToolAnswer(
            ListWords.peers(peers, people: people, match: match, own: id, mesh: facts.meshSlug, now: world.now()))
    }

    private func send(_ asked: ToolCall.Send) async -> ToolAnswer {
        if let finding = SecretScan.first(in: asked.text) {
            let what = keptHere(finding, from: asked.to)
            return ToolAnswer(
                "Not sent. Line \(finding.line) looks like \(what). Leave it out; only your user sends such a thing.",
                isError: true)
        }
        let message = SendMessage(
            to: asked.to.isEmpty ? nil : Addresses(asked.to), body: asked.text, clientId: SessionRandom.id(),
            replyTo: asked.replyTo, within: asked.within)
        switch await speak(message) {
        case .sent(let sent): return ToolAnswer(SentWords.sent(sent, now: world.now()))
        case .waits(let id, _): return ToolAnswer(SentWords.waits(host: client.server.host, id: id))
        case .refused(let failure):
            return ToolAnswer(
                RefusalWords.ofSending(failure, mesh: facts.meshSlug, host: client.server.host), isError: true)
        }
    }

    /// Sends in this turn's chain, shows it to the person, and settles what it answers.
    func speak(_ asked: SendMessage) async -> Sending {
        await lookUpOrigin()
        var message = asked
        message.parent = turns.parent()
        let to = asked.to?.all.joined(separator: ", ") ?? messages[asked.replyTo ?? ""]?.from.address ?? "…"
        let own = address ?? facts.displayName
        let came = await send(message)
        switch came {
        case .sent(let sent):
            tell(to, asked.body, words.state(sent.recipients.first?.state))
            if sent.hop >= SendMessage.mostHops { toPerson.append(words.limit(between: own, and: to)) }
            await settle(answered(asked))
        case .waits: tell(to, asked.body, words.waitsHere)
        case .refused(let failure):
            tell(to, asked.body, words.notSent)
            if case .refused(_, let body, let retryAfter) = failure, body?.error == "loop_limit" {
                toPerson.append(
                    retryAfter.map { words.pause(between: own, and: to, seconds: $0) }
                        ?? words.limit(between: own, and: to))
            }
        }
        return came
    }

    /// What a message answers: what it names, and what began this turn where it goes to that one's sender.
    private func answered(_ asked: SendMessage) -> [String] {
        let to = asked.to?.all ?? []
        let begun = turns.begunBy.filter { messages[$0].map { to.contains($0.from.address) } == true }
        return ([asked.replyTo].compactMap(\.self) + begun).filter { messages[$0] != nil }
    }

    /// What a text holds that does not leave this machine; the person is told so, and not of the text.
    func keptHere(_ finding: SecretScan.Finding, from receivers: [String]) -> String {
        toPerson.append(words.secret(finding, to: receivers.isEmpty ? "…" : receivers.joined(separator: ", ")))
        return finding.kind == .privateKey ? "a private key" : "an access token"
    }

    /// The person sees what goes out: of the call itself Claude Code shows the name alone.
    private func tell(_ to: String, _ text: String, _ state: String) {
        toPerson.append(words.sent(to: to, text, state))
    }

    private func settle(_ ids: [String]) async {
        guard !ids.isEmpty else { return }
        lanes.settled(ids)
        let (id, steps) = (id, ids.map { ReportReceipts.Step(messageId: $0, state: .acknowledged) })
        await keep(also: { transaction in
            for step in steps { try transaction.daemon.owe(step, of: id) }
        })
        outgoing.happened()
    }

    private func inbox(done: [String], wait: Int) async -> ToolAnswer {
        await settle(done)
        await recognizeDelivered()
        var given = takeWhatFits()
        if given.isEmpty && wait > 0 {
            lanes.isAsked = true
            let end = ContinuousClock.now + .seconds(wait)
            while given.isEmpty, !Task.isCancelled, ContinuousClock.now < end {
                await changes.wait(for: end - ContinuousClock.now)
                given = takeWhatFits()
            }
            lanes.isAsked = false
            changes.happened()
        }
        guard !Task.isCancelled else {
            lanes.takeBack(given.map(\.id))
            await keep()
            return ToolAnswer("")
        }
        turns.hear(heard(given.map(\.id)))
        await keep()
        guard !given.isEmpty else {
            // What is there and was not heard of yet, nobody knows.
            let nothing = (done.isEmpty ? "" : "Settled. ") + (link == .connecting ? unreached : "Nothing waits.")
            return ToolAnswer([nothing, personsNote].compactMap(\.self).joined(separator: "\n"))
        }
        let texts = given.map { ($0.mayBeShown ? "Perhaps shown before:\n" : "") + framed($0.id) }
        let rest = lanes.items.count { $0.isPending }
        let more = rest > 0 ? ["\(rest) more \(rest == 1 ? "waits" : "wait"): call inbox again."] : []
        return ToolAnswer((texts + more + [personsNote].compactMap(\.self)).joined(separator: "\n\n"))
    }

    private var unreached: String {
        "Nothing waits on this machine; \(ForeignText.name(client.server.host, limit: 100)) can't be reached now."
    }

    /// Measured as it stands before Claude: what is escaped is longer than what was written.
    private func takeWhatFits() -> [Lanes.Given] {
        var room = Self.most
        var given: [Lanes.Given] = []
        for item in lanes.items where item.isPending {
            let size = framed(item.message.id).utf8.count
            guard given.isEmpty || size < room else { break }
            room -= size
            if let one = lanes.take(item.message.id) { given.append(one) }
        }
        return given
    }

    private func framed(_ id: String) -> String {
        messages[id].map { FramedText(letter($0), mark: nil, isWhole: true).text } ?? ""
    }

    private func read(_ id: String) async throws(APIFailure) -> ToolAnswer {
        if let message = forPerson.first(where: { $0.id == id || id.count >= 6 && $0.id.hasPrefix(id) }) {
            turns.hear([Heard(id: message.id, hop: message.hop, writtenAt: message.createdAt)])
            return ToolAnswer(
                "To your user, who has not seen it:\n" + FramedText(letter(message), mark: nil, isWhole: true).text)
        }
        let message = try await client.message(id, in: facts.meshID)
        if messages[message.id] != nil {
            _ = lanes.take(message.id)
            turns.hear(heard([message.id]))
            await keep()
        }
        let frame = FramedText(letter(message), mark: nil, isWhole: true)
        let receipts = message.receipts.map { "\n" + ListWords.receipts($0, now: world.now()) } ?? ""
        // What one wrote oneself needs no frame of another's.
        guard message.from.id == self.id else { return ToolAnswer(frame.text + receipts) }
        let lines = ForeignText.lines(message.body).map { "| \($0)" }.joined(separator: "\n")
        return ToolAnswer("Your own message \(ForeignText.name(message.id, limit: 64)):\n\(lines)\(receipts)")
    }

    private func history(_ topic: String, before: String?) async throws(APIFailure) -> ToolAnswer {
        var cursor: String?
        var found: [Message] = []
        var isBehind = before == nil
        for _ in 0..<10 {
            let page = try await client.messages(in: facts.meshID, topic: topic, cursor: cursor, limit: 50)
            for message in page.items {
                if isBehind { found.append(message) }
                if message.id == before { isBehind = true }
            }
            cursor = page.nextCursor
            guard found.isEmpty, cursor != nil else { break }
        }
        var room = Self.most / 2
        let shown = found.prefix(30).prefix { message in
            room -= message.body.utf8.count + 100
            return room > 0 || message.id == found.first?.id
        }
        turns.hear(shown.map { Heard(id: $0.id, hop: $0.hop, writtenAt: $0.createdAt) })
        if before == nil, let newest = shown.first {
            unreadInTopics[topic] = nil
            try? await client.readTopic(topic, upTo: newest.id, in: facts.meshID)
        }
        return ToolAnswer(
            ListWords.history(Array(shown), topic: topic, account: facts.accountID, now: world.now()))
    }

    private func topics(_ change: ToolCall.TopicsChange?) async throws(APIFailure) -> ToolAnswer {
        var done = ""
        switch change {
        case .join(let name):
            _ = try await client.joinTopic(name, in: facts.meshID)
            done = "Joined #\(ForeignText.name(name, limit: 50)).\n"
        case .leave(let name):
            try await client.leaveTopic(name, in: facts.meshID)
            done = "Left #\(ForeignText.name(name, limit: 50)).\n"
        case .create(let name):
            _ = try await client.createTopic(CreateTopic(name: name), in: facts.meshID)
            done = "Made #\(ForeignText.name(name, limit: 50)).\n"
        case nil: break
        }
        return ToolAnswer(done + ListWords.topics(try await client.topics(in: facts.meshID)))
    }
}
