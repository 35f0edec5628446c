// `claudemesh attention [open|focus|quiet] [--for 2h]`: what may wake the session this runs in; outside of one, all of the
// person's in a mesh. It never changes what reaches them.

public import ArgumentParser
import Connect
import Console
import FoundationEssentials
import Localization
public import MeshAPI
import MeshClient

extension Attention: ExpressibleByArgument {}

struct AttentionCommand: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "attention", abstract: about(.attentionHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.attentionArgument, value: "open|focus|quiet"))
    var attention: Attention?

    @Option(name: .customLong("for"), help: help(.attentionFor, value: "2h"))
    var span: TimeSpan?

    @OptionGroup var mesh: MeshOption

    struct Answer: Encodable {
        var attention: Attention
        var attentionUntil: Date?
    }

    func run(in context: Context) async throws -> Ending {
        if span != nil, attention == nil {
            throw Failure.missing(flag: "open|focus|quiet", choices: [], kind: .none)
        }
        let place = try await InMesh.one(mesh.name, context)
        let until = span.map { context.now().addingTimeInterval(Double($0.seconds)) }
        let answer = try await place.isSession ? place.session(attention, until) : place.person(attention, until)
        let strings = place.context.strings
        let values = ["mesh": place.mesh.name, "until": answer.attentionUntil.map { place.context.since($0) } ?? ""]
        let text: MessageText =
            switch answer.attention {
            case .open: .attentionOpen
            case .focus: .attentionFocus
            case .quiet: .attentionQuiet
            }
        let said = strings(text, values)
        let timed = answer.attentionUntil == nil ? said : said + " " + strings(MessageText.attentionUntil, values)
        if attention == nil { try place.output.line(timed) } else { try place.output.success(timed) }
        if options.json { try place.output.json(answer) }
        return .exit(.done)
    }
}

extension InMesh {
    fileprivate func session(_ attention: Attention?, _ until: Date?) async throws -> AttentionCommand.Answer {
        let id = sessionID ?? ""
        guard let attention else {
            let peers = try await ask { client throws(APIFailure) in try await client.peers(in: mesh.id) }
            let own = peers.first { $0.sessionID == id }
            return AttentionCommand.Answer(attention: own?.attention ?? .open)
        }
        let change = ChangeSession(attention: attention, attentionUntil: until)
        let peer = try await ask { client throws(APIFailure) in
            try await client.changeSession(id, to: change, in: mesh.id)
        }
        return AttentionCommand.Answer(attention: peer.attention, attentionUntil: until)
    }

    /// Kept per mesh, for all of the person's sessions there.
    fileprivate func person(_ attention: Attention?, _ until: Date?) async throws -> AttentionCommand.Answer {
        // Asked with nothing to change it says how it is: of members' lists it is left out.
        let change = ChangeMyself(attention: attention, attentionUntil: until)
        let member = try await ask { client throws(APIFailure) in try await client.changeMyself(change, in: mesh.id) }
        return AttentionCommand.Answer(
            attention: member.attention ?? attention ?? .open, attentionUntil: member.attentionUntil ?? until)
    }
}
