// Which version an agent is, remembered by its path, size and time: it is not asked at every launch.

import FoundationEssentials
import LocalState
import Platform
import SessionLaunch

/// `agents.json` in the configuration directory.
struct AgentMemory {
    private struct Known: Codable, Equatable {
        var size: Int
        var time: Int
        /// nil where it is no Claude Code.
        var version: AgentVersion?
    }

    private let path: String
    /// Of the agents asked last.
    private static let most = 20

    init(directory: ConfigDirectory) { path = directory.path(of: "agents.json") }

    /// What is remembered of it: `.some(nil)` that it is no Claude Code, nil nothing.
    func remembered(_ program: String) -> AgentVersion?? {
        guard let (size, time) = facts(program), let one = read()[program], one.size == size, one.time == time else {
            return nil
        }
        return .some(one.version)
    }

    private func facts(_ program: String) -> (size: Int, time: Int)? {
        (try? FileStatus(program)).map { ($0.size, $0.modified / 1_000_000_000) }
    }

    /// nil where the program is no Claude Code, or does not say so in time.
    func version(of program: String, environment: [String: String], mayKeep: Bool) async -> AgentVersion? {
        if let known = remembered(program) { return known }
        guard let (size, time) = facts(program) else { return nil }
        var known = read()
        guard let answer = await AgentProbe.answer(of: program, environment: environment) else { return nil }
        let version = AgentVersion(answer: answer)
        if known.count >= Self.most { known = [:] }
        known[program] = Known(size: size, time: time, version: version)
        if mayKeep { write(known) }
        return version
    }

    private func read() -> [String: Known] {
        guard let data = FileManager.default.contents(atPath: path), data.count < 64 << 10 else { return [:] }
        return (try? JSONDecoder().decode([String: Known].self, from: data)) ?? [:]
    }

    /// Best effort: what is not remembered is asked again.
    private func write(_ known: [String: Known]) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(known) else { return }
        let new = "\(path).\(ProcessIdentity.own.pid)"
        do {
            try WholeFile.create(new, bytes: data, isSynced: false)
            try WholeFile.move(new, to: path)
        } catch {
            WholeFile.forget(new)
        }
    }
}
