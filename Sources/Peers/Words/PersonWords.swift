// What a session's person reads past the model, in their language: on Claude Code's screen, never in a request.

internal import Localization
internal import MeshAPI

/// The lines of one person.
package struct PersonWords: Sendable {
    let strings: Strings

    /// - Parameter language: `en` or `es`; nil is English.
    package init(language: String?) { strings = Strings(language.flatMap { Language(tag: $0) } ?? .en) }

    /// `claudemesh › to ana/reviewer: May I? · waiting`. Of the call itself Claude Code shows the name alone.
    func sent(to address: String, _ text: String, _ state: String) -> String {
        strings(
            PersonText.sent,
            ["to": ForeignText.name(address, limit: 60), "text": Self.firstLine(text), "state": state])
    }

    func state(_ state: MessageState?) -> String {
        state.map { strings($0.text) } ?? strings(PersonText.sentPlain)
    }

    var waitsHere: String { strings(PersonText.waitsHere) }
    var notSent: String { strings(PersonText.notSent) }
    /// Why the gate stopped a text.
    var readAlready: String { strings(PersonText.readAlready) }

    /// A text that looks like a secret, which is not shown here either.
    func secret(_ finding: SecretScan.Finding, to address: String) -> String {
        strings(
            finding.kind == .privateKey ? PersonText.secretKey : .secretToken,
            ["to": ForeignText.name(address, limit: 60), "n": "\(finding.line)"])
    }

    /// Too many have followed from one request: it is for the person to say how to go on.
    func limit(between one: String, and other: String) -> String {
        strings(
            PersonText.loopLimit,
            ["one": ForeignText.name(one, limit: 60), "other": ForeignText.name(other, limit: 60)])
    }

    /// These two have written to each other too often.
    func pause(between one: String, and other: String, seconds: Int) -> String {
        strings(
            PersonText.loopLimitFor,
            [
                "one": ForeignText.name(one, limit: 60), "other": ForeignText.name(other, limit: 60), "n": "\(seconds)",
            ])
    }

    /// What waited here was not taken.
    func lateRefused(to address: String) -> String {
        strings(PersonText.lateRefused, ["to": ForeignText.name(address, limit: 60)])
    }

    /// Somebody wrote to the person.
    func wrote(_ message: Message) -> String {
        strings(
            PersonText.wrote,
            ["from": ForeignText.name(message.from.address, limit: 60), "text": Self.firstLine(message.body)])
    }

    /// The session is no longer in its mesh.
    func over(_ reason: String, mesh: String, by name: String? = nil) -> String {
        let texts: [String: MessageText] = [
            "kicked": .kicked, "banned": .banned, "moved": .moved, "removed": .removedFromMesh,
            "archived": .meshEnded, "credential": .signInEnded, "signed_out": .signInEnded,
        ]
        let remedies: [String: MessageText] = ["kicked": .kickedRemedy, "banned": .bannedRemedy]
        guard let text = texts[reason] else { return strings(PersonText.over, ["mesh": ForeignText.name(mesh)]) }
        let said =
            name.map { strings(PersonText.putOutBy, ["name": ForeignText.name($0), "mesh": ForeignText.name(mesh)]) }
            ?? strings(text, ["mesh": ForeignText.name(mesh)])
        return "claudemesh › "
            + ([said] + [remedies[reason].map { strings($0) }].compactMap(\.self)).joined(separator: " · ")
    }

    /// The dialog's question of a first message.
    func question(_ message: Message, _ grant: Grant?, session: String) -> String {
        let name = ForeignText.name(message.from.member.name, limit: 60)
        var values = [
            "name": name, "session": ForeignText.name(session, limit: 60), "text": Self.firstLine(message.body),
        ]
        var text = PersonText.wantsToWrite
        if let inviter = grant?.invitedBy {
            values["inviter"] = ForeignText.name(inviter.name, limit: 60)
            text = grant?.guest == true ? .wantsAsGuest : .wantsByLink
        }
        return strings(text, values)
    }

    /// What was chosen in it came to nothing.
    func notSettled(_ name: String) -> String {
        strings(PersonText.notSettled, ["name": ForeignText.name(name, limit: 60)])
    }

    /// The answers to it, and what asks for one.
    var choices: [(value: String, title: String)] {
        [
            ("let_in", strings(PersonText.letIn)), ("refuse", strings(PersonText.refuse)),
            ("block", strings(PersonText.block)),
        ]
    }
    var choice: String { strings(PersonText.choice) }

    private static func firstLine(_ text: String) -> String {
        ForeignText.name(String(text.prefix { !$0.isNewline }), limit: 80)
    }
}
