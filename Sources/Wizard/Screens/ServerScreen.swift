// Another server is named, and looked at before it is used.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Widgets

extension Screens {
    var serverScreen: ScreenModel {
        var model = screen(.server, .titleServer, help: .helpServer)
        let text = input(.server)
        let field = Block.field(Field(.server, strings[.server], text))
        let clear = text.isEmpty ? [] : [clearKey]
        model.typing = .server
        let said: Block
        switch state.serverEntry?.phase ?? .typing(nil) {
        case .checking(let server):
            said = .text(waiting(strings(.checkingWith, ["host": server.host])))
            model.keys = waitingKeys(typing: true)
        case .checked(_, let version):
            said = .notice(Notice(.success, strings(.serverFound, ["version": version ?? "?"])))
            model.keys = fieldKeys(enter: .barUse, .server(.submit), extra: clear)
        case .failed(let server, let retry):
            said = .notice(Screens(of: server, self).notice(.warning, retry.trouble))
            model.keys = fieldKeys(enter: .barRetryNow, .server(.submit), extra: clear)
        case .typing(let problem):
            let example = strings(.looksLike, ["example": "https://mesh.example.com"])
            said = problem.map { .notice(notice($0, text.text)) } ?? .hint(example)
            model.keys = fieldKeys(enter: .barCheck, .server(.submit), extra: clear)
        }
        model.groups = [[.lead(strings(.whichServer, ["host": state.remote.host]))], [field], [said]] + refused
        return model
    }

    /// Its words are about another server than the one in force.
    private init(of server: Server, _ screens: Screens) {
        var state = screens.state
        state.server = server
        self.init(state: state, strings: screens.strings)
    }

    private func notice(_ problem: ServerProblem, _ text: String) -> Notice {
        switch problem {
        case .empty: Notice(.error, strings[.serverEmpty])
        case .notAnAddress: Notice(.error, strings[.notAServer])
        case .insecure:
            Notice(
                .error, strings(.unreachableInsecure, ["host": text]),
                [strings(.remedyInsecure, ["host": (try? ServerAddress(text))?.authority ?? text])])
        }
    }
}
