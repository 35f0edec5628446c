// A row of the mesh list that was opened: what can be done with the mesh, and each of these.

import Canvas
import FoundationEssentials
import Localization
import MeshAPI
import Widgets

extension Screens {
    var meshActions: ScreenModel {
        var model = screen(.meshActions, .titleMesh, help: .helpMeshActions)
        guard let mesh = state.openedMesh else { return model }
        model.groups = [[.facts(facts(of: mesh))], [menu(.meshActions, actions(on: mesh))]]
        let letters: [(Character, RowID, WizardText)] = [
            ("w", .watchMesh, .barWatch), ("r", .renameMesh, .barRename), ("i", .inviteToMesh, .barInvite),
            ("l", .leaveMesh, .barLeave),
        ]
        model.keys = menuKeys(
            letters.compactMap { letter, row, label in
                model.menu?.items.first { $0.id == row }.map { letterKey(letter, label, $0.action) }
            })
        return model
    }

    private func facts(of mesh: Mesh) -> [Fact] {
        var facts = [
            Fact(strings[.mesh], mesh.name), Fact(strings[.slug], mesh.slug),
            Fact(
                strings[.members],
                [strings(.memberCount, count: mesh.memberCount), membership(mesh.membership)]
                    .joined(separator: between)),
        ]
        if let here = mesh.here, here.count > 0 {
            let more = here.count - here.names.count
            let names = here.names.joined(separator: ", ")
            facts.append(
                Fact(strings[.hereNow], more > 0 ? "\(names) \(strings(.andMore, ["n": "\(more)"]))" : names))
        }
        return facts
    }

    /// What this person may do with it; the server has the last word.
    private func actions(on mesh: Mesh) -> [MenuItem] {
        var items = [
            MenuItem(.launchInMesh, strings(.launchInMesh, ["mesh": mesh.name]), .mesh(.choose(id: mesh.id))),
            MenuItem(.watchMesh, strings[.watchMesh], .mesh(.watch)),
        ]
        if mesh.membership != .member {
            items += [
                MenuItem(.renameMesh, strings[.renameMesh], .mesh(.rename)),
                MenuItem(.inviteToMesh, strings[.inviteToMesh], note: strings[.inviteNote], .mesh(.invite)),
            ]
        }
        // A guest is nobody without the mesh.
        if state.identity?.kind != .guest {
            items.append(MenuItem(.leaveMesh, strings[.leaveMesh], .mesh(.askToLeave)))
        }
        return items + [MenuItem(.back, strings[.back], .back)]
    }

    var meshRename: ScreenModel {
        var model = screen(.meshRename, .titleRename, help: .helpRename)
        guard let mesh = state.openedMesh else { return model }
        let name = input(.meshRename)
        model.groups = [
            [
                .facts([Fact(strings[.mesh], mesh.name)]), .field(Field(.meshRename, strings[.name], name)),
            ]
        ]
        model.groups += refused
        if case .sendingName(let name) = state.meshes.opened?.phase {
            model.groups.append([.text(waiting(strings(.renaming, ["name": name])))])
            model.keys = waitingKeys(typing: true)
            return model
        }
        model.groups.append([.hint(strings(.slugStays, ["slug": mesh.slug]))])
        model.typing = .meshRename
        model.keys = fieldKeys(
            enter: .barRename, .mesh(.submitRename), extra: name.isEmpty ? [] : [clearKey], back: true)
        return model
    }

    var meshInvite: ScreenModel {
        var model = screen(.meshInvite, .titleInvite, help: .helpInvite)
        guard let mesh = state.openedMesh, case .invited(let invite) = state.meshes.opened?.phase else {
            model.groups = [[.text(waiting(strings[.makingInvite]))]]
            model.keys = waitingKeys(typing: false)
            return model
        }
        let until = date(Int(invite.expiresAt.timeIntervalSince1970))
        model.groups = [
            [.text(strings(.inviteLetsIn, ["mesh": mesh.name, "date": until]))], [.address(invite.url)],
        ]
        if state.server.isLocal { model.groups.append([.notice(Notice(.warning, strings[.inviteThisMachine]))]) }
        if let copied = state.signIn.copied { model.groups.append([.notice(notice(copied))]) }
        model.groups.append([
            menu(
                .meshInvite,
                [
                    MenuItem(.copyInvite, strings[.copyInvite], .mesh(.copyInvite)),
                    MenuItem(.back, strings[.back], .back),
                ])
        ])
        model.keys = menuKeys([letterKey("c", .barCopy, .mesh(.copyInvite), drop: Drop.copy)])
        model.usesMouse = false
        return model
    }

    var meshLeave: ScreenModel {
        var model = screen(.meshLeave, .titleLeave, help: .helpLeave)
        guard let mesh = state.openedMesh else { return model }
        let values = ["mesh": mesh.name]
        if state.meshes.opened?.phase == .leaving {
            model.groups = [[.text(waiting(strings(.leaving, values)))]]
            model.keys = waitingKeys(typing: false)
            return model
        }
        model.groups = [
            [.text(strings(.leaveQuestion, values)), .text(strings[.leaveMore])],
            [
                menu(
                    .meshLeave,
                    [
                        MenuItem(.back, strings[.stay], .back),
                        MenuItem(.leaveMesh, strings(.leaveNamed, values), .mesh(.leave)),
                    ])
            ],
        ]
        model.keys = menuKeys(back: true, esc: .barStay)
        return model
    }

    /// What was done to a row last.
    var meshDone: [[Block]] {
        switch state.meshes.done {
        case .renamed(let name): [[.notice(Notice(.success, strings(.meshRenamed, ["mesh": name])))]]
        case .left(let name): [[.notice(Notice(.success, strings(.meshLeft, ["mesh": name])))]]
        case nil: []
        }
    }
}

extension RowID {
    static let launchInMesh: RowID = "launch-in-mesh"
    static let watchMesh: RowID = "watch-mesh"
    static let renameMesh: RowID = "rename-mesh"
    static let inviteToMesh: RowID = "invite-to-mesh"
    static let leaveMesh: RowID = "leave-mesh"
    static let copyInvite: RowID = "copy-invite"
}
