// The mesh in words to be heard: what line mode says of the same state that the screen draws.

public import Localization
public import MeshAPI
import Text

public struct LineWords {
    let pen: Pen

    public init(_ state: WatchState, _ strings: Strings) { pen = Pen(state, strings) }

    private var state: WatchState { pen.state }

    /// `Watching planning. 6 sessions are here. 3 things are for you. Type help for words.`
    public var intro: String {
        [
            pen(.lineWatching, ["mesh": state.mesh.name]), pen(.lineHere, count: state.roster.here),
            state.forYouCount > 0 ? pen(.lineForYou, count: state.forYouCount) : nil, pen(.lineTypeHelp),
        ].compactMap(\.self).joined(separator: " ")
    }

    public func sentence(_ row: ForYou) -> String { Self.sentence(row.text(pen, isWide: true)) }

    private static func sentence(_ text: String) -> String {
        [".", "?", "!", "…"].contains { text.hasSuffix($0) } ? text : text + "."
    }

    public func said(_ remark: Remark) -> String { pen(remark.text) }

    public func ended(_ end: Link.End) -> String { pen.ended(end) }

    /// That the server cannot be reached, or can again.
    public var link: String {
        guard let offline = state.link.offline else { return pen(.lineBack) }
        return [pen.why(offline.failure), pen(.lineOffline)].joined(separator: " ")
    }

    /// Lines of a text that are read out at once.
    private static let mostLines = 4

    /// What stands before each row of somebody's text but the first, which has their name: none passes for a line of ours.
    public static let quote = "| "

    /// A message in a sentence or two: `bo/docs to you: May I …? 14:09.`
    public func whole(_ message: Message) -> [String] {
        let lines = message.body.split(whereSeparator: \.isNewline).map(String.init)
        let head = pen(.lineSays, ["from": pen.name(message.from), "to": pen.addressees(message)])
        let time = pen.time(message.createdAt) + "."
        let isCut = lines.count > Self.mostLines
        let more = isCut ? " " + pen(.lineMore, ["id": String(message.id.prefix(6))]) : ""
        let text = lines.prefix(Self.mostLines)
        guard let last = text.last else { return [head + " " + time] }
        var said = text.enumerated().map { $0 == 0 ? head + " " + $1 : Self.quote + $1 }
        said[said.count - 1] = Self.sentence(said[said.count - 1]) + " " + time + more
        return last.isEmpty ? [head + " " + time] : said
    }

    /// A text to its end.
    public func text(of id: String) -> [String] {
        state.log[id]?.body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { Self.quote + $0 } ?? []
    }

    /// `ana/reviewer works, for 12 min.`
    public var peers: [String] {
        guard !state.roster.peers.isEmpty else { return [pen(.noneHere)] }
        return state.roster.peers.map { "\(pen.name($0)): \(pen.doing($0))." }
    }

    /// What a message to it meets: it works, and sees it at its next step.
    public func standing(of address: String) -> String? {
        guard let peer = peer(address), peer.live else { return nil }
        return switch peer.status {
        case .working: pen(.lineWorking)
        case .asking: pen(.lineAsking)
        default: nil
        }
    }

    public func peer(_ address: String) -> Peer? {
        let name = address.hasPrefix("@") ? String(address.dropFirst()) : address
        return state.roster.peers.first { pen.name($0) == name || $0.address == name }
    }

    public func member(_ name: String) -> Member? {
        state.roster.members.first { $0.name.folded() == name.folded() || $0.handle == name }
    }

    public func attention(_ word: String) -> Attention? {
        let names: [(WatchText, Attention)] = [
            (.attentionOpen, .open), (.attentionFocus, .focus), (.attentionQuiet, .quiet),
        ]
        return Attention(rawValue: word.folded()) ?? names.first { pen($0.0).folded() == word.folded() }?.1
    }

    public func putOut(_ peer: Peer) -> [String] {
        let name = pen.name(peer)
        let owner = peer.isSelf ? pen(.putOutOwn) : pen(.putOutSays, ["name": peer.member?.name ?? ""])
        return [pen(.putOutQuestion, ["name": name, "mesh": state.mesh.name]), owner, pen(.typeName, ["name": name])]
    }

    public func ban(_ member: Member) -> [String] {
        return [
            pen(.banQuestion, ["name": member.name, "mesh": state.mesh.name]),
            pen.banSays(member.id, member.name), pen(.typeName, ["name": member.name]),
        ]
    }

    /// `Mallory Q., a guest by Bo Chen's link, to api: … No session has read it. Type let in, refuse, block or later.`
    public func firstWord(_ message: Message) -> [String] {
        let grant = state.roster.grant(message.from.member.id)
        let name = message.from.member.name
        let link = grant?.invitedBy.map { pen(.linkOf, ["name": $0.name]) }
        let kind: WatchText = grant?.guest == true ? .lineGuest : .lineInvited
        let who = link.map { pen(kind, ["name": name, "by": $0]) } ?? name
        return [pen(.lineSays, ["from": who, "to": pen.held(message)])]
            + message.body.split(whereSeparator: \.isNewline).map { Self.quote + $0 } + [pen(.lineUnreadDecide)]
    }
}

extension LineWords {
    /// `ana/reviewer: working for 1 min.`
    public func change(of peer: Peer) -> String? { "\(pen.name(peer)): \(pen.doing(peer))." }
}
