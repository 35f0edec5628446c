// Picking a mesh: the list under its filter, in every state of its coming.

import Canvas
import Localization
import MeshAPI
import Text
import Widgets

extension Screens {
    var meshList: ScreenModel {
        var model = screen(.meshList, .titleLaunch, help: .helpMesh)
        let meshes = state.meshes
        model.status = status(asking: .mesh, meshStatus)
        model.groups = startNotices
        model.groups += meshDone
        if let notice = meshes.notice { model.groups.append([.notice(words(of: notice))]) }
        model.groups += refused
        let filter = input(.meshFilter)
        let isEmpty = meshes.rows.all.isEmpty
        let create =
            state.needsAccountToCreate
            ? MenuItem(.createMesh, strings[.signInToCreate], .signIn(.anotherAccount))
            : MenuItem(
                .createMesh,
                filter.isEmpty || isEmpty ? strings[.createMesh] : strings(.createNamed, ["text": filter.text]),
                .mesh(.create))
        let join = MenuItem(.join, strings[.joinWithInvite], .mesh(.join))
        // Where Esc leads to no sign-in, another one must be in reach.
        let account =
            state.canGoBack || state.identity == nil
            ? [] : [MenuItem(.changeAccount, strings[.useAnotherAccount], .signIn(.anotherAccount))]
        let field = Block.field(Field(.meshFilter, strings[.filter], filter, beside: position))
        switch meshes.phase {
        case .loaded where isEmpty:
            model.groups += [[.text(strings[.noMeshYet])], [menu(.meshList, [create, join] + account)]]
            model.keys = menuKeys(
                account.isEmpty ? [] : [letterKey("a", .barAnotherAccount, .signIn(.anotherAccount))])
            return model
        case .idle where isEmpty, .loading where isEmpty:
            model.groups.append([
                field, .menu(Menu.unavailable([create, join])),
            ])
            model.keys = filterKeys(filter: filter, chooses: false)
        case .failed(let retry):
            model.groups.append([.notice(Notice(.warning, cannotReach(retry)))])
            model.groups.append([field])
            let retry = retryItem(retry)
            // Without a list there must be another way on than trying again.
            let account = MenuItem(.changeAccount, strings[.changeAccount], .signIn(.anotherAccount))
            add(meshes.areOutOfReach ? [retry, account] : [retry], filter, to: &model)
        default:
            model.groups.append([field])
            add([create, join] + account, filter, to: &model)
        }
        model.typing = .meshFilter
        return model
    }

    /// The list right under the last block, `pinned` under the list.
    private func add(_ pinned: [MenuItem], _ filter: TextInput, to model: inout ScreenModel) {
        model.keys = filterKeys(filter: filter, chooses: true, extra: opening(filter))
        let rows = state.meshes.rows
        if rows.isEmpty {
            let clear = MenuItem(.clearFilter, strings[.clearFilter], .mesh(.clearFilter))
            model.groups.append([menu(.meshList, (filter.isEmpty ? [] : [clear]) + pinned)])
        } else {
            let list = MenuList(
                count: rows.count, widths: columnWidths, row: { rows[$0].map(item) },
                place: { $0.meshID.flatMap(rows.place) })
            model.groups[model.groups.count - 1].append(menu(.meshList, list: list, pinned))
        }
    }

    /// A row: the name (beside it what tells it from others of that name), the membership, the members, who is there now.
    private func item(_ mesh: Mesh) -> MenuItem {
        let beside = state.meshes.rows.distinction(mesh.id)
        let isSaved = if case .failed = state.meshes.phase { true } else { false }
        let count = isSaved ? [] : [strings(.memberCount, count: mesh.memberCount), here(mesh)]
        return MenuItem(
            .mesh(mesh.id), beside.map { mesh.name + between + $0 } ?? mesh.name,
            columns: [membership(mesh.membership)] + count, marks: state.meshes.rows.found(in: mesh.name),
            .mesh(.choose(id: mesh.id)))
    }

    /// The mesh under the selection: without one, the first.
    private var selectedMesh: Mesh? {
        guard let row = state.selections[.meshList] else { return state.meshes.rows[0] }
        return row.meshID.flatMap { state.meshes.rows.place(of: $0) == nil ? nil : state.meshes.rows.mesh($0) }
    }

    /// Rows that one sees the place in without being told.
    private static let countedAtSight = 10

    /// `3 of 41`, in a list too long to see it.
    private var position: String {
        let rows = state.meshes.rows
        guard state.meshes.isKnown, rows.count > Self.countedAtSight,
            let place = selectedMesh.flatMap({ rows.place(of: $0.id) })
        else {
            return ""
        }
        return strings(.countOf, ["n": strings.number(place + 1), "m": strings.number(rows.count)])
    }

    /// `→` opens the selected mesh, where the cursor of the filter has nowhere to go.
    private func opening(_ filter: TextInput) -> [KeyBinding] {
        guard let mesh = selectedMesh, state.identity != nil, filter.cursor == filter.text.count else { return [] }
        return [
            KeyBinding(
                [.right: .perform(.mesh(.open(id: mesh.id)))],
                bar: KeyBarEntry(signs.arrow, strings[.barActions], dropOrder: Drop.other),
                help: KeyHelp(signs.arrow, strings[.helpActions]))
        ]
    }

    /// `reviewer, api` or `4 here now`; nothing where nobody is, or where that is not known.
    private func here(_ mesh: Mesh) -> String {
        guard let here = mesh.here, here.count > 0 else { return "" }
        return here.shortNames ?? strings(.peersHere, ["n": strings.number(here.count)])
    }

    /// Of the whole list, whatever the filter and the window let through.
    private var columnWidths: [Int] {
        let rows = state.meshes.rows
        let members = [1, rows.mostMembers].map { TextWidth.of(strings(.memberCount, count: $0)) }
        let here = rows.mostHere > 0 ? TextWidth.of(strings(.peersHere, ["n": strings.number(rows.mostHere)])) : 0
        return [
            rows.labelWidth(between: TextWidth.of(between)),
            Membership.allCases.map { TextWidth.of(membership($0)) }.max() ?? 0, members.max() ?? 0,
            max(here, rows.hereNamesWidth),
        ]
    }

    private var meshStatus: StatusEntry {
        let meshes = state.meshes
        let (all, found) = (meshes.rows.all.count, meshes.rows.count)
        let short = strings[.barMesh]
        func entry(_ mark: StatusRow.Mark, _ pieces: [String], short value: String = "") -> StatusEntry {
            StatusEntry(strings[.mesh], mark, pieces, shortLabel: short, short: value)
        }
        let pick = [strings[.pickMesh]] + (meshes.isKnown ? [strings.number(all)] : [])
        // "9/200": where one is; under a filter the first is what was found.
        let isFiltered = !input(.meshFilter).isEmpty
        let matches =
            found == 0
            ? strings(.noMeshMatches, ["text": input(.meshFilter).text.trimmingWhitespace()])
            : strings(.countOf, ["n": strings.number(found), "m": strings.number(all)])
        switch meshes.phase {
        case .idle where all == 0, .loading where all == 0:
            let soFar = meshes.soFar > 0 ? [strings(.soFar, ["n": strings.number(meshes.soFar)])] : []
            let text = ([strings[.loadingYourMeshes]] + soFar).joined(separator: between)
            return entry(.current, [waiting(text)], short: strings[.loadingYourMeshes])
        case .failed:
            let saved = meshes.savedAt.map { [strings(.listFrom, ["when": dayAndTime($0)])] } ?? []
            return entry(.warning, (all == 0 ? [strings[.notLoadedYet]] : isFiltered ? [matches] : pick) + saved)
        default:
            if all == 0 { return entry(.current, [strings[.noneYet]]) }
            let short = found == 0 ? strings[.noneMatches] : matches
            return isFiltered ? entry(.current, [matches], short: short) : entry(.current, pick)
        }
    }

    private func cannotReach(_ retry: Retry) -> String {
        guard case .api(.unreachable) = retry.trouble, let at = retry.at else {
            let found = notice(.warning, retry.trouble, while: .loadingMeshes).text
            return [found, tryingAgain(retry)].compactMap(\.self).joined(separator: " ")
        }
        return strings(.cannotReachRetry, ["host": host, "n": strings.number(seconds(until: at))])
    }

    private func words(of notice: MeshNotice) -> Notice {
        switch notice {
        case .gone(let name): Notice(.warning, strings(.meshGone, ["mesh": name]))
        case .unknown(let query, let closest):
            Notice(
                .warning, strings(.meshUnknown, ["mesh": query]),
                closest.map { [strings(.meshClosest, ["mesh": $0])] } ?? [])
        case .ambiguous(let query, _): Notice(.warning, strings(.meshAmbiguous, ["mesh": query]))
        }
    }
}

extension Menu {
    /// Rows that are there to be seen: nothing can be chosen yet.
    static func unavailable(_ items: [MenuItem]) -> Menu {
        var menu = Menu(items, selected: nil)
        menu.selectedIndex = nil
        return menu
    }
}
