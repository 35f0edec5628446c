// Joining: an invite of another server, and the summary of what was joined.

import Canvas
import Localization
import MeshAPI
import Widgets

extension Screens {
    var joinOtherServer: ScreenModel {
        var model = screen(.joinOtherServer, .titleJoin, help: .helpJoin)
        let there = state.join?.reference?.server ?? ""
        let (other, own) = (try? ServerAddress(there), try? ServerAddress(state.server.baseURL))
        // The server of this machine may have no address yet.
        let named = own.flatMap { other?.name(beside: $0) } ?? other?.authority ?? there
        let here = other.flatMap { own?.name(beside: $0) } ?? host
        let text =
            state.server.isLocal
            ? strings(.inviteNotLocal, ["server": named])
            : strings(.inviteOtherServer, ["server": named, "host": here])
        // A link leads anywhere: to stay is the safe answer, and the first; but who is nowhere yet has nothing but the link.
        var ways = [
            MenuItem(.otherLink, strings[.otherInvite], .join(.otherLink)),
            MenuItem(.goThere, strings(.goToServer, ["server": there]), .join(.useOtherServer)),
        ]
        if state.isNowhereYet { ways.reverse() }
        let more = state.identity == nil ? [] : [strings[.inviteOtherServerMore]]
        model.groups = [
            [.notice(Notice(.warning, text, more))],
            [
                menu(
                    .joinOtherServer, ways + [MenuItem(.withoutInvite, strings[.withoutInvite], .join(.giveUp))])
            ],
        ]
        model.keys = menuKeys()
        return model
    }

    /// Reopened with Esc: it was joined and stays so.
    var joinSummary: ScreenModel {
        var model = screen(.joinSummary, .titleJoin, help: .helpJoin)
        guard case .joined(let joined) = state.join?.phase else { return model }
        let text = strings(joined.wasMember ? .alreadyIn : .joined, ["mesh": joined.mesh.name])
        model.groups = [
            [.notice(Notice(.success, text))],
            [
                menu(
                    .joinSummary,
                    [
                        MenuItem(.keep, strings[.keep], .join(.keep)),
                        MenuItem(.otherLink, strings[.otherInvite], .join(.otherLink)),
                    ])
            ],
        ]
        model.keys = menuKeys()
        return model
    }
}

extension RowID {
    static let goThere: RowID = "go-there"
    static let otherLink: RowID = "other-link"
    static let withoutInvite: RowID = "without-invite"
    static let keep: RowID = "keep"
}
