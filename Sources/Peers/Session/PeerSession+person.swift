// What is the person's and not the model's: words to them, and the dialog of a first message.

internal import FoundationEssentials
internal import MeshAPI
internal import Platform

extension PeerSession {
    /// Messages to the person: the model may know that they are there.
    func hearsForPerson(_ messages: [Message]) {
        for message in messages where !forPerson.contains(where: { $0.id == message.id }) { forPerson.append(message) }
        if forPerson.count > 50 { forPerson.removeFirst(forPerson.count - 50) }
    }

    func forgetForPerson(_ ids: [String]) { forPerson.removeAll { ids.contains($0.id) } }

    /// At the next turn.
    func tellPerson(of message: Message) {
        toPerson.append(words.wrote(message))
        if toPerson.count > 20 { toPerson.removeFirst(toPerson.count - 20) }
    }

    /// What they chose in the dialog did not reach the mesh.
    func tellPerson(notSettled sender: String) {
        toPerson.append(words.notSettled(sender))
        changes.happened()
    }

    /// For the tool `inbox`: by sender and id alone.
    var personsNote: String? {
        guard !forPerson.isEmpty else { return nil }
        let names = forPerson.prefix(10).map { message in
            "\(ForeignText.name(message.from.address, limit: 60)) (\(ForeignText.name(message.id, limit: 64)))"
        }
        return
            "For your user, who has not seen it: \(names.joined(separator: ", ")). read gives a text; it stays unseen."
    }

    /// Whether a dialog can be opened in it now.
    var canAsk: Bool { laneHolder != nil && asksInDialogs && lanes.session.attention != .quiet && question == nil }

    func ask(_ id: String, _ message: Message, _ grant: Grant?) {
        question = FirstWordQuestion(
            id: id, text: words.question(message, grant, session: facts.displayName), title: words.choice,
            choices: words.choices.map { .init(value: $0.value, title: $0.title) })
        changes.happened()
    }

    /// Given once, to the process that opens the dialog.
    func takeQuestion() -> FirstWordQuestion? {
        defer { question = nil }
        return question
    }
}

// MARK: What Claude Code says without a hook

extension PeerSession {
    /// A turn may be silent for so long.
    private static let silence: TimeInterval = 600
    /// A hook is faster than Claude Code's own registry.
    private static let registryDelay: TimeInterval = 3

    /// After an Esc there is no hook: Claude Code's registry says that it is idle.
    package func lookAtRegistry() {
        let now = world.now()
        guard lanes.activity == .working || lanes.activity == .asking, let registry,
            now.timeIntervalSince(spokenAt ?? .distantPast) > Self.registryDelay
        else { return }
        switch AgentFiles.status(registry) {
        case "idle":
            lanes.isIdle(at: now)
            changes.happened()
        case .some: spokenAt = now
        case nil: break
        }
        outgoing.happened()
    }

    /// Whether it works, as it said last; nobody knows after ten minutes without a word.
    var isSilent: Bool { world.now().timeIntervalSince(spokenAt ?? .distantPast) > Self.silence }
}

/// Claude Code's own files: its registry of the sessions that run, and its record of each.
package enum AgentFiles {
    private struct Entry: Decodable {
        var status: String?
    }

    /// `idle`, `busy`, …; nil where it does not say.
    static func status(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path), data.count < 64 << 10 else { return nil }
        return (try? JSONDecoder().decode(Entry.self, from: data))?.status
    }

    /// Of the Claude Code with that process.
    static func registry(environment: [String: String], agent: Int32) -> String? {
        folder(environment).map { "\($0)/sessions/\(agent).json" }
    }

    package static func folder(_ environment: [String: String]) -> String? {
        environment["CLAUDE_CONFIG_DIR"] ?? environment["HOME"].map { "\($0)/.claude" }
    }

    /// Whether it kept a conversation of that session; nil where it has no place for them, or another one than we know.
    package static func keptConversation(of session: String, in folder: String) -> Bool? {
        FileManager.default.fileExists(atPath: "\(folder)/projects") ? record(of: session, in: folder) != nil : nil
    }

    /// nil where there is none. Which of its folders is whose directory's is not ours to know: a session's id is in one.
    static func record(of session: String, in folder: String) -> String? {
        let projects = "\(folder)/projects"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: projects)) ?? []
        return names.lazy.map { "\(projects)/\($0)/\(session).jsonl" }
            .first { FileManager.default.fileExists(atPath: $0) }
    }
}
