// Joining: what the invite leads to, and the name to join with.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Widgets

extension Screens {
    var joinPreview: ScreenModel {
        var model = screen(.joinPreview, .titleJoin, help: .helpJoin)
        guard let join = state.join, let preview = join.preview else { return model }
        let name = Block.field(Field(.joinName, strings[.yourName], input(.joinName)))
        let isMember = preview.membership != nil
        let already = Notice(.success, strings(.alreadyIn, ["mesh": preview.meshName]))
        model.groups = (isMember ? [[.notice(already)]] : []) + [[.facts(facts(of: preview))], [name]]
        if let problem = state.fieldProblem {
            model.groups[model.groups.count - 1].append(.notice(notice(problem, name: true)))
        }
        if case .claiming = join.phase {
            let text = strings(isMember ? .openingMesh : .joining, ["mesh": preview.meshName])
            model.groups.append([.text(waiting(text))])
            model.keys = waitingKeys(typing: true)
            return model
        }
        let claim = MenuItem(
            .claim, strings(isMember ? .goOnInMesh : .joinMesh, ["mesh": preview.meshName]), .join(.claim))
        var items = state.needsAccountToJoin ? [] : [claim]
        if state.identity == nil || state.needsAccountToJoin {
            items.append(MenuItem(.signInFirst, strings[.signInFirst], .join(.signInFirst)))
        }
        model.groups.append([menu(.joinPreview, items)])
        // The bar says what Enter does on the row in focus.
        let joins = (items.first { $0.id == state.selections[.joinPreview] } ?? items[0]).id == .claim
        let enter = enterKey(!joins ? .barChoose : isMember ? .barNext : .barJoin, .choose)
        model.typing = .joinName
        let tab = KeyBinding(
            [.tab: .move(.next), .backTab: .move(.previous)],
            bar: KeyBarEntry("Tab", strings[.barNext], dropOrder: Drop.other),
            help: KeyHelp("Tab", strings[.barNext]))
        model.keys =
            (items.count > 1 ? [tab] : []) + moveKeys(letters: false, inBar: false).prefix(1)
            + fieldKeys(enter: nil, .join(.claim)).map { binding in
                // Enter chooses the selected row: the name is typed above it.
                binding.commands[.enter] == nil ? binding : enter
            }
        return model
    }

    private func facts(of preview: InvitePreview) -> [Fact] {
        // A member spends no use: what is left of the invite is nothing to them.
        if let membership = preview.membership {
            return [
                Fact(strings[.mesh], preview.meshName),
                Fact(strings[.youAreHere], self.membership(membership)),
                Fact(strings[.members], strings.number(preview.memberCount)),
            ] + (state.identity.map { [Fact(strings[.account], line($0.user))] } ?? [])
        }
        let left = preview.expiresAt.wallSeconds - state.now.wall
        let ends = [strings.until(seconds: left), strings(.usesLeft, count: preview.usesLeft)].joined(separator: ", ")
        let who =
            state.identity.map { Fact(strings[.account], line($0.user)) }
            ?? Fact(strings[.identity], strings[.guestIdentity])
        return [
            Fact(strings[.mesh], preview.meshName),
            Fact(strings[.invitedBy], preview.inviterName),
            Fact(strings[.youJoinAs], membership(preview.role)),
            Fact(strings[.members], strings.number(preview.memberCount)),
            Fact(strings[.expires], ends),
            who,
        ]
    }

    func membership(_ membership: Membership) -> String {
        switch membership {
        case .owner: strings[.owner]
        case .admin: strings[.admin]
        case .member: strings[.member]
        }
    }
}

extension RowID {
    static let claim: RowID = "claim"
    static let signInFirst: RowID = "sign-in-first"
}
