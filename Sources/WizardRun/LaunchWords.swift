// What is said around a launch, in the normal screen, where it stays: what starts, and at the end how it went and the way
// back. Nothing is said before it is so.

import Console
import Localization
import MeshAPI
import Text
import Wizard

/// The words of one launch.
struct LaunchWords {
    private let answers: LaunchAnswers
    /// Claude Code, or what was asked for instead of it.
    private let agent: String
    private let context: Context

    init(_ answers: LaunchAnswers, agent: String, context: Context) {
        self.answers = answers
        self.agent = agent == "claude" ? "Claude Code" : agent
        self.context = context
    }

    /// - Parameters:
    ///   - isNew: messages can come, and the person has not been told yet that they can.
    ///   - waiting: how many messages wait for the person, where that is news.
    func sayStart(isOffline: Bool, isNew: Bool, waiting: Int?) throws {
        try sayWhere(isOffline)
        if isNew { try say([context.strings[.messagesNew]]) }
        try say(waiting)
    }

    private func say(_ waiting: Int?) throws {
        if let waiting { try say([context.strings(WizardText.messagesWait, count: waiting)]) }
    }

    private func sayWhere(_ isOffline: Bool) throws {
        let values = ["agent": agent, "mesh": answers.mesh.name, "name": answers.displayName]
        guard isOffline else { return try say([context.strings(.startingIn, values)]) }
        Output(context).warning(context.strings(WizardText.cannotReachStarting, ["host": host]))
        try say([context.strings(.startingOffline, values)])
    }

    /// - Parameters:
    ///   - waiting: how many messages wait for the person, where that is news.
    ///   - back: the command that leads back; nil where none does.
    func sayEnd(
        after seconds: Int, _ standing: Presence.Standing, _ refusal: Presence.Refusal?, waiting: Int?, back: String?
    ) {
        let values = [
            "agent": agent, "mesh": answers.mesh.name, "host": host, "time": Self.duration(seconds),
        ]
        let end: WizardText =
            switch standing {
            case .seen: .leftMesh
            case .unseen where refusal == nil: .endedUnseen
            case .unseen, .unasked: .agentEnded
            }
        // Where nobody reads it any more, the terminal is gone.
        if let refusal { say(refusal) }
        try? say([context.strings(end, values)] + (back.map { [context.strings(.toComeBack, ["command": $0])] } ?? []))
        try? say(waiting)
    }

    /// `42 s`, `42 min`, `3 h 5 min`.
    static func duration(_ seconds: Int) -> String {
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        if hours > 0 { return minutes > 0 ? "\(hours) h \(minutes) min" : "\(hours) h" }
        return minutes > 0 ? "\(minutes) min" : "\(seconds) s"
    }

    /// The agent ran all the same, but nobody in the mesh saw it to its end.
    private func say(_ refusal: Presence.Refusal) {
        let output = Output(context)
        switch refusal {
        case .signIn:
            let ended = Explanation(.authenticationFailed, context: context)
            output.warning([ended.message, ended.remedy].compactMap(\.self).joined(separator: ". "))
        case .mesh: output.warning(context.strings(ErrorText.unseenInMesh, ["mesh": answers.mesh.name]))
        }
    }

    /// On one line where it fits, else each on its own.
    private func say(_ sentences: [String]) throws {
        let output = Output(context)
        let columns = context.errors.columns() ?? .max
        let line = sentences.joined(separator: " ")
        if TextWidth.of(line) <= columns { return try output.note(line) }
        for line in sentences.flatMap({ TextWidth.wrap($0, width: columns) }) { try output.note(line) }
    }

    private var host: String {
        let server = answers.access.server
        return (try? ServerAddress(server))?.authority ?? server
    }
}
