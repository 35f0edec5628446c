// The rows of the mesh list: their order, what of them was found, and what can be done with one.

import Canvas
import FlowEngine
import FoundationEssentials
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("The rows of the mesh list") struct MeshActionsTests {
    // MARK: Order and filter

    @Test("below the last used ones the newest come first")
    func newestFirst() {
        func joined(_ id: String, _ day: Double) -> Mesh {
            var mesh = Sample.mesh(id, id)
            mesh.joinedAt = Date(timeIntervalSince1970: day * 86_400)
            return mesh
        }
        var run = Run(memory: RememberedAnswers(recent: ["b"]), identity: Sample.identity())
        run.send(.arrived(.meshes([joined("a", 1), joined("b", 2), joined("c", 3), joined("d", 4)])))
        #expect(run.state.meshes.rows.all.map(\.id) == ["b", "d", "c", "a"])
    }

    @Test(
        "words match in any order, each somewhere in name or slug",
        arguments: [
            ("team blue", ["blue team", "blueteam"]), ("blue team", ["blue team", "blueteam"]),
            ("eam lue", ["blue team", "blueteam"]), ("team red", []), ("tm blue", ["blue team", "blueteam"]),
        ])
    func words(query: String, found: [String]) {
        var run = Run.onMeshList([Sample.mesh("1", "red"), Sample.mesh("2", "blue team"), Sample.mesh("3", "blueteam")])
        run.type(query)
        #expect((0..<run.state.meshes.rows.count).compactMap { run.state.meshes.rows[$0]?.name } == found)
    }

    @Test("a slug nobody sees puts no row before one whose name begins so")
    func hiddenSlug() {
        var hidden = Sample.mesh("1", "شبكة")
        hidden.slug = "mesh"
        var run = Run.onMeshList([hidden, Sample.mesh("2", "mine")])
        run.type("m")
        #expect(run.state.meshes.rows[0]?.id == "2" && run.state.meshes.rows.count == 2)
    }

    @Test(
        "the letters that were found are known by their place in the name as it is written",
        arguments: [
            ("pla", "platform", [0, 1, 2]), ("ann", "Plánning", [2, 3, 4]), ("pfm", "platform", [0, 4, 7]),
            ("team blue", "blue team", [0, 1, 2, 3, 5, 6, 7, 8]), ("zz", "platform", []),
        ] as [(String, String, [Int])])
    func letters(query: String, name: String, offsets: [Int]) {
        var rows = MeshListRows([Sample.mesh("1", name)])
        rows.filter(query)
        #expect(rows.found(in: name) == Set(offsets))
    }

    @Test("in a list too long to count the place of the selection is said, and follows it")
    func position() {
        var run = Run.onMeshList((1...41).map { Sample.mesh("\($0)", "mesh \($0)") })
        #expect(run.text.contains("1 of 41"))
        run.send(.select(.meshList, .mesh("3")))
        #expect(run.text.contains("3 of 41"))
        run.send(.select(.meshList, .createMesh))
        #expect(!run.text.contains("of 41"))
        #expect(!Run.onMeshList().text.contains("of 3"))
    }

    // MARK: The actions of a row

    /// The list with its first mesh opened.
    private func opened(_ id: String = "m1") -> Run {
        var run = Run.onMeshList()
        run.send(.mesh(.open(id: id)))
        return run
    }

    @Test("→ opens the selected row where the cursor stands at the end of the filter, and moves it elsewhere")
    func rightArrow() {
        var run = Run.onMeshList()
        run.send(.select(.meshList, .mesh("m2")))
        #expect(actions(for: .key(.right), in: run.state, strings: Strings(.en)) == [.mesh(.open(id: "m2"))])
        run.type("pla")
        var input = run.state.inputs[.meshFilter] ?? TextInput()
        _ = input.handle(.left)
        run.send(.edit(.meshFilter, input))
        guard case .edit(.meshFilter, _) = actions(for: .key(.right), in: run.state, strings: Strings(.en)).first
        else {
            Issue.record("→ inside the filter moves its cursor")
            return
        }
        run.send(.mesh(.clearFilter), .select(.meshList, .createMesh))
        for action in actions(for: .key(.right), in: run.state, strings: Strings(.en)) {
            guard case .edit(.meshFilter, _) = action else {
                Issue.record("→ on what is no mesh opens nothing: \(action)")
                continue
            }
        }
    }

    @Test("a member may leave; who runs the mesh may rename it and invite too; a guest can do neither")
    func offers() {
        func rows(_ run: Run) -> [RowID] {
            screenModel(for: run.state, strings: Strings(.en)).menu?.items.map(\.id) ?? []
        }
        #expect(rows(opened()) == [.launchInMesh, .watchMesh, .renameMesh, .inviteToMesh, .leaveMesh, .back])
        #expect(rows(opened("m2")) == [.launchInMesh, .watchMesh, .leaveMesh, .back])
        var guest = Run(identity: Sample.identity(Sample.guest, kind: .guest), saved: Sample.meshes)
        guest.send(.mesh(.open(id: "m2")))
        #expect(rows(guest) == [.launchInMesh, .watchMesh, .back])
    }

    @Test("Esc goes back to the list, with the row under the selection")
    func closes() {
        var run = opened("m2")
        #expect(run.screen == .meshActions)
        run.send(.back)
        #expect(run.screen == .meshList && run.state.selections[.meshList] == .mesh("m2"))
    }

    @Test("renamed: sent once, in the list and on disk, and said")
    func renames() {
        var run = opened()
        run.send(.mesh(.rename))
        run.send(.edit(.meshRename, TextInput("Platform")))
        #expect(run.send(.mesh(.submitRename)) == [.renameMesh(run.state.access, id: "m1", name: "Platform")])
        #expect(run.send(.mesh(.submitRename)) == [], "Enter twice sends once")
        var mesh = Sample.platform
        mesh.name = "Platform"
        #expect(
            run.send(.arrived(.meshRenamed(mesh))) == [
                .keepMesh(server: "https://claudemesh.com", userID: "u1", mesh)
            ])
        #expect(run.screen == .meshList && run.state.meshes.rows.mesh("m1")?.name == "Platform")
        #expect(run.text.contains("Renamed to Platform"))
        run.type("x")
        #expect(!run.text.contains("Renamed to"))
    }

    @Test("an invite is made once however often it is tried, and its link is copied")
    func invites() {
        var run = opened()
        let first = run.send(.mesh(.invite))
        run.send(.arrived(.failed(.makingInvite, .api(.broken))))
        #expect(run.screen == .error && run.send(.retry) == first)
        run.send(.arrived(.inviteMade(mesh: "m1", Sample.invite)))
        #expect(run.screen == .meshInvite && run.text.contains(Sample.inviteLink))
        #expect(run.send(.mesh(.copyInvite)) == [.copy(Sample.inviteLink)])
        run.send(.back)
        #expect(run.send(.mesh(.invite)) != first, "the next one is another")
    }

    @Test("leaving asks first, with staying under Enter; the row is gone afterwards, and the answer with it")
    func leaves() {
        var run = opened("m2")
        #expect(run.send(.mesh(.leave)) == [], "nobody was asked")
        run.send(.mesh(.askToLeave))
        #expect(screenModel(for: run.state, strings: Strings(.en)).menu?.selected?.id == .back)
        #expect(run.send(.mesh(.leave)) == [.leaveMesh(run.state.access, id: "m2", name: "planning")])
        #expect(
            run.send(.arrived(.meshLeft(id: "m2"))) == [
                .forgetMesh(server: "https://claudemesh.com", userID: "u1", id: "m2")
            ])
        #expect(run.screen == .meshList && run.state.meshes.rows.mesh("m2") == nil)
        #expect(run.text.contains("Left planning"))
    }

    @Test("the mesh of the last run can be left from the list, and is not asked for as one that went away")
    func leavesLastOne() {
        var run = Run.returning()
        run.send(.arrived(.meshes(Sample.meshes)), .confirm(.changeMesh))
        run.send(.mesh(.open(id: "m1")), .mesh(.askToLeave), .mesh(.leave), .arrived(.meshLeft(id: "m1")))
        #expect(run.screen == .meshList && run.state.answers.mesh == nil && run.state.meshes.notice == nil)
    }

    @Test("the only owner is told why leaving is refused, and what ends the mesh")
    func lastOwner() {
        var run = opened()
        run.send(.mesh(.askToLeave), .mesh(.leave))
        run.send(.arrived(.failed(.leavingMesh(name: "platform-team"), .api(.refused(409, "last_owner")))))
        #expect(run.text.contains("You are the only owner of platform-team"))
        run.send(.back)
        #expect(run.screen == .meshLeave)
    }

    @Test("Esc stops what is on its way; a mesh that went away meanwhile closes its screen")
    func stops() {
        var run = opened()
        run.send(.mesh(.invite))
        #expect(run.send(.back) == [.cancel(.meshChange)])
        #expect(run.screen == .meshActions)
        run.send(.arrived(.meshes([Sample.planning])))
        #expect(run.screen != .meshActions)
    }
}
