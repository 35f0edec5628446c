// What a person decides: a stranger's first word, whom to let in, putting out, banning, attention, another mesh.

import Canvas
import FoundationEssentials
import Localization
import MeshAPI
import Text
import Widgets

extension Screens {
    func firstWord(_ message: Message) -> ScreenModel {
        let name = message.from.member.name
        let grant = state.roster.grant(message.from.member.id)
        var model = screen(.firstWord, pen(.firstWordTitle))
        var who = name
        if let grant {
            let kind = pen(grant.guest == true ? .guest : .member)
            who += pen.between + pen(.sinceWhen, ["kind": kind, "time": pen.since(grant.since)])
        }
        var facts = [fact(.who, who)]
        if let by = grant?.invitedBy {
            let uses = grant?.invite.map { invite in
                pen(.linkUses, ["name": by.name, "n": "\(invite.uses)", "all": "\(invite.maxUses)"])
            }
            facts.append(fact(.cameBy, uses ?? pen(.linkOf, ["name": by.name])))
        }
        if message.from.kind == .peer {
            let host = message.from.host.map { pen.between + pen(.onHost, ["host": $0]) } ?? ""
            facts.append(fact(.sessionLabel, message.from.address + host))
        }
        let isOwn = message.mailbox.flatMap { state.roster.peer($0.id) }?.isSelf == true
        facts.append(fact(.toLabel, isOwn ? pen(.yoursNamed, ["name": pen.held(message)]) : pen.held(message)))
        let short = pen.short(name)
        model.groups = [
            [.facts(facts)], [.text(pen(.saysUnread, ["name": short]))], [.passage(message.body, from: state.readFrom)],
            [
                menu(
                    .firstWord,
                    [
                        MenuItem(.later, pen(.decideLater), .decide(.later, message)),
                        MenuItem(
                            "let-in", pen(.letIn, ["name": short]), note: pen(.letInNote), .decide(.letIn, message)),
                        MenuItem(
                            "refuse", pen(.refuseThis), note: pen(.refuseNote, ["name": short]),
                            .decide(.refuse, message)),
                        MenuItem(
                            "block", pen(.block, ["name": short]), note: pen(.blockNote, ["name": short]),
                            .decide(.block, message)),
                    ])
            ],
        ]
        model.keys = keys.menu(reads: true)
        return model
    }

    func contact(_ id: String) -> ScreenModel {
        let name = state.roster.member(id)?.name ?? id
        var model = screen(.contact, name)
        let grant = state.roster.grant(id)
        model.groups = [
            [.facts([fact(.contact, grant.map(pen.contact) ?? pen(.contactOpen))])],
            [
                menu(
                    .contact,
                    [
                        MenuItem(.later, pen(.leaveAsIs), .dismiss),
                        MenuItem("let-in", pen(.letIn, ["name": name]), note: pen(.letInNote), .contact(id, .letIn)),
                        MenuItem(
                            "block", pen(.block, ["name": name]), note: pen(.blockNote, ["name": pen.short(name)]),
                            .contact(id, .block)),
                        MenuItem("as-mesh", pen(.asMesh), .contact(id, .asMesh)),
                    ])
            ],
        ]
        model.keys = keys.menu()
        return model
    }

    func putOut(_ id: String) -> ScreenModel {
        let peer = state.roster.peer(id)
        let name = peer.map(pen.name) ?? id
        let owner = peer?.isSelf == true ? pen(.you) : peer?.member?.name ?? ""
        var model = screen(.putOut, pen(.putOutTitle))
        let says = peer?.isSelf == true ? pen(.putOutOwn) : pen(.putOutSays, ["name": owner])
        model.groups = [
            [.notice(Notice(.warning, pen(.putOutQuestion, ["name": name, "mesh": state.mesh.name])))], [.text(says)],
        ]
        return typed(model, pen(.barPutOut))
    }

    func ban(_ id: String) -> ScreenModel {
        let name = state.roster.member(id)?.name ?? id
        var model = screen(.ban, pen(.banTitle))
        model.groups = [
            [.notice(Notice(.warning, pen(.banQuestion, ["name": name, "mesh": state.mesh.name])))],
            [.text(pen.banSays(id, name)), .text(pen(.banBack, ["name": pen.short(name)]))],
        ]
        return typed(model, pen(.barBan))
    }

    private func typed(_ model: ScreenModel, _ enter: String) -> ScreenModel {
        var model = model
        model.groups += [
            [.text(pen(.typeName, ["name": state.askedName ?? ""]))],
            [.field(Field(.name, pen.strings[.name], state.nameInput))],
        ]
        model.groups += remark
        model.typing = .name
        model.keys = keys.typed(enter)
        return model
    }

    var attention: ScreenModel {
        var model = screen(.attention, pen(.attentionTitle))
        model.groups = [
            [.text(pen(.attentionSays))],
            [
                menu(
                    .attention,
                    [
                        MenuItem("open", pen(.attentionOpen), note: pen(.attentionOpenNote), .attention(.open)),
                        MenuItem("focus", pen(.attentionFocus), note: pen(.attentionFocusNote), .attention(.focus)),
                        MenuItem("quiet", pen(.attentionQuiet), note: pen(.attentionQuietNote), .attention(.quiet)),
                    ])
            ],
        ]
        model.keys = keys.menu()
        return model
    }

    var meshes: ScreenModel {
        var model = screen(.meshes, pen(.meshesTitle))
        guard let meshes = state.meshes else {
            model.groups = [[.text(pen.strings[.loadingMeshes])]]
            model.keys = keys.menu()
            return model
        }
        let rows = meshes.map { mesh in
            MenuItem(
                .mesh(mesh.id), mesh.name,
                columns: [
                    (mesh.here?.count).map { pen(.hereCount, count: $0) } ?? "",
                    mesh.unread.flatMap { $0 > 0 ? pen(.newCount, count: $0) : nil } ?? "",
                ], mesh.id == state.mesh.id ? .dismiss : .openMesh(mesh.id))
        }
        let widths = (0..<3).map { column in
            rows.map { TextWidth.of(column == 0 ? $0.label : $0.columns[column - 1]) }.max() ?? 0
        }
        let list = MenuList<WatchVocabulary>(
            count: rows.count, widths: widths, row: { rows.indices.contains($0) ? rows[$0] : nil },
            place: { id in rows.firstIndex { $0.id == id } })
        model.groups = [
            [.menu(Menu(list: list, [], selected: state.selections[.meshes] ?? .mesh(state.mesh.id)))]
        ]
        model.keys = keys.menu()
        return model
    }
}

extension Pen {
    /// `Ana` of `Ana Ruiz`.
    func short(_ name: String) -> String { name.split(separator: " ").first.map(String.init) ?? name }

    /// `2 sessions, 3 invites and 1 key of Ana Ruiz end now.` Without numbers until they are known.
    func banSays(_ id: String, _ name: String) -> String {
        let names = ["name": name, "short": short(name)]
        guard let ends = state.banEnds[id] else { return self(.banSays, names) }
        let sessions = state.roster.peers.count { $0.live && $0.member?.id == id }
        let counts = [(WatchText.banSessions, sessions), (.banInvites, ends.invites), (.banKeys, ends.keys)]
        let parts = counts.filter { $0.1 > 0 }.map { self($0.0, count: $0.1) }
        guard let last = parts.last else { return self(.banNothing, names) }
        let rest = parts.dropLast().joined(separator: ", ")
        let what = rest.isEmpty ? last : self(.banBoth, ["some": rest, "last": last])
        return self(.banCounts, names.merging(["what": what]) { $1 }, count: counts.reduce(0) { $0 + $1.1 })
    }
}
