// The mesh list: how it comes, how it is filtered, what selection it keeps; and making a new mesh.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import TestSupport
import Testing
import Widgets

@testable import Wizard

@Suite("Meshes")
struct MeshesTests {
    private func names(_ run: Run) -> [String] {
        (0..<run.state.meshes.rows.count).compactMap { run.state.meshes.rows[$0]?.name }
    }

    // MARK: The list

    @Test("one long name makes no other row's columns unreadable, in a list that scrolls too", arguments: [3, 60])
    func longName(count: Int) {
        let long = Sample.mesh("long", String(repeating: "n", count: 64), .owner, members: 12)
        let run = Run.onMeshList([long] + (1..<count).map { Sample.mesh("m\($0)", "mesh-\($0)", members: $0) })
        let rows = run.text.split(separator: "\n").filter { $0.contains("mesh-") || $0.contains("nnnn") }
        #expect(rows.count > 2)
        for row in rows { #expect(row.firstMatch(of: #/ (owner|member) +\d+ members?( |$)/#) != nil, "\(row)") }
        let columns = rows.map { $0.firstRange(of: #/ (owner|member) +\d/#)?.lowerBound.utf16Offset(in: $0) }
        #expect(Set(columns).count == 1)
    }

    @Test("last used first, then as the server has them")
    func order() {
        var run = Run(memory: RememberedAnswers(recent: ["m3", "gone", "m2"]), identity: Sample.identity())
        run.send(.arrived(.meshes(Sample.meshes)))
        #expect(names(run) == ["dev", "planning", "platform-team"])
    }

    @Test("a list stays as it is until the whole answer is here; meanwhile it is counted")
    func counted() {
        var run = Run(identity: Sample.identity())
        run.send(.arrived(.meshesSoFar(100)))
        #expect(names(run).isEmpty && run.state.answers.mesh == nil)
        #expect(run.text.contains("100 so far"))
        run.send(.arrived(.meshes([Sample.planning, Sample.platform])))
        #expect(names(run) == ["planning", "platform-team"])
        #expect(
            run.effects == [
                .saveMeshes(server: "https://claudemesh.com", userID: "u1", [Sample.planning, Sample.platform])
            ])

        var saved = Run(identity: Sample.identity(), saved: Sample.meshes)
        saved.send(.arrived(.meshesSoFar(1)))
        #expect(saved.state.meshes.rows.count == 3)
        saved.send(.arrived(.meshes([Sample.platform])))
        #expect(saved.state.meshes.rows.count == 1)
        #expect(saved.state.meshes.savedAt == nil)
    }

    @Test("rows that arrive late never move the selection, chosen or not")
    func selection() {
        var run = Run(identity: Sample.identity(), saved: [Sample.planning, Sample.platform])
        // Nothing was moved: the first row is selected, and stays so though another comes before it.
        run.send(.arrived(.meshes(Sample.meshes)))
        #expect(run.state.selections[.meshList] == .mesh("m2"))
        run.send(.select(.meshList, .createMesh), .arrived(.meshes(Sample.meshes.reversed())))
        #expect(run.state.selections[.meshList] == .createMesh)
        run.send(.select(.meshList, .mesh("m3")))
        run.send(.painted(whole: true), .arrived(.meshes([Sample.platform, Sample.planning])))
        #expect(run.state.selections[.meshList] == nil, "the selected one is gone")
        #expect(!run.state.appearance.admits(.enter, typedAt: run.now.boot + 100), "Enter would take another")
        #expect(run.state.appearance.admits(.character("x"), typedAt: run.now.boot), "typing goes on")
    }

    @Test("no answer: the saved list stands, with when it is tried again")
    func offline() {
        var run = Run(identity: Sample.identity(), saved: Sample.meshes)
        run.send(.arrived(.failed(.loadingMeshes, .api(.down))))
        #expect(run.screen == .meshList && names(run).count == 3)
        #expect(run.state.meshes.savedAt == 1_700_000_000)
        run.pass(1500)
        #expect(run.send(.tick) == [.loadMeshes(run.state.access)])
        run.send(.mesh(.choose(id: "m2")))
        #expect(run.screen == .name)
    }

    @Test("reopened, the list has its answer selected")
    func reopened() {
        var run = Run.onMeshList()
        run.send(.mesh(.choose(id: "m2")), .back)
        #expect(run.state.selections[.meshList] == .mesh("m2"))
    }

    // MARK: The filter

    @Test(
        "prefix, then substring, then subsequence, of name or slug; accents and case do not count",
        arguments: [
            ("pla", ["platform", "Plánning", "my-place", "paella"]),
            ("PLÁ", ["platform", "Plánning", "my-place", "paella"]),
            ("plan", ["Plánning"]), ("zz", []), ("", ["replay", "my-place", "paella", "platform", "Plánning"]),
            ("  plan ", ["Plánning"]), ("lay", ["replay"]),
        ])
    func ranking(query: String, found: [String]) {
        let rows = ["replay", "my-place", "paella", "platform", "Plánning"].enumerated().map {
            Sample.mesh("\($0)", $1)
        }
        var run = Run.onMeshList(rows)
        run.type(query)
        if query == "pla" || query == "PLÁ" {
            #expect(names(run) == ["platform", "Plánning", "replay", "my-place", "paella"])
        } else {
            #expect(names(run) == found)
        }
    }

    @Test("reopened and filtered, the best match is selected and not the answer; cleared, the answer again")
    func reopenedAndFiltered() {
        var run = Run.returning()
        run.send(
            .arrived(
                .meshes([Sample.platform, Sample.mesh("m7", "team-next"), Sample.mesh("m8", "team")])))
        run.send(.confirm(.changeMesh))
        #expect(run.state.selections[.meshList] == .mesh("m1"))
        run.type("team")
        let menu = screenModel(for: run.state, strings: Strings(.en)).menu
        #expect(menu?.selected?.action == .mesh(.choose(id: "m7")) && menu?.index(of: .mesh("m1")) == 2)
        run.send(.back)
        #expect(run.screen == .meshList && run.state.selections[.meshList] == .mesh("m1"))
    }

    @Test("the slug matches where the name does not")
    func bySlug() {
        var mesh = Sample.mesh("a", "Ünïcode")
        mesh.slug = "other-name"
        var run = Run.onMeshList([mesh, Sample.platform])
        run.type("other")
        #expect(names(run) == ["Ünïcode"])
    }

    @Test("typing on, back and elsewhere finds the same as typing it at once")
    func incremental() {
        var random = Random(seed: 7)
        let letters = Array("abcde-")
        func word(_ length: Int) -> String {
            String((0..<length).map { _ in letters[Int(random.next() % 6)] })
        }
        let meshes = (0..<300).map { Sample.mesh("\($0)", word(8)) }
        var rows = MeshListRows(meshes)
        for _ in 0..<400 {
            let query = word(Int(random.next() % 5))
            for end in 0...query.count { rows.filter(String(query.prefix(end))) }
            var fresh = MeshListRows(meshes)
            fresh.filter(query)
            #expect((0..<rows.count).map { rows[$0]?.id } == (0..<fresh.count).map { fresh[$0]?.id })
            for place in 0..<rows.count {
                #expect(rows[place].flatMap { rows.place(of: $0.id) } == place)
            }
        }
        #expect(rows[-1] == nil && rows[rows.count] == nil && rows.place(of: "nobody") == nil)
    }

    @Test("meshes of one name are told apart by their owner, and where that is the same too by their slug")
    func sharedNames() {
        func mesh(_ id: String, _ slug: String, _ name: String, _ owner: String?) -> Mesh {
            var mesh = Sample.mesh(id, name)
            (mesh.slug, mesh.ownerName) = (slug, owner)
            return mesh
        }
        let rows = MeshListRows([
            mesh("a", "twin", "Twin", "Ale"), mesh("b", "twin-2", "Twin", "Ale"), mesh("c", "twin", "Twin", "Bo"),
            mesh("d", "other", "Other", "Ale"), mesh("e", "lost", "Lost", nil), mesh("f", "lost-2", "Lost", nil),
        ])
        let said = ["a": "twin", "b": "twin-2", "c": "Bo", "d": nil, "e": "lost", "f": "lost-2"]
        for (id, text) in said { #expect(rows.distinction(id) == text, "\(id)") }
    }

    @Test("without a list and without a network the picker says so, and there is a way on")
    func outOfReach() {
        var run = Run(identity: Sample.identity())
        run.send(.arrived(.failed(.loadingMeshes, .api(.unreachable(.refused)))))
        let model = screenModel(for: run.state, strings: Strings(.en))
        #expect(model.id == .meshList)
        #expect(model.status[1].mark == .warning && model.status[1].pieces == ["not loaded yet"])
        #expect(model.menu?.items.map(\.id) == [.retry, .changeAccount])
        run.send(.signIn(.anotherAccount))
        #expect(run.step == .welcome)
    }

    @Test("an edited filter selects its best match anew; Esc clears it, then leaves")
    func escape() {
        var run = Run.onMeshList()
        run.send(.select(.meshList, .mesh("m3")))
        run.type("pla")
        #expect(run.state.selections[.meshList] == nil)
        run.send(.back)
        #expect(run.state.inputs[.meshFilter]?.isEmpty == true)
        #expect(run.screen == .meshList && names(run).count == 3)
        #expect(!run.state.canGoBack)
    }

    @Test(
        "a filter that is cleared leaves the mesh selected that was moved to",
        arguments: [Action.back, .mesh(.clearFilter)])
    func clearedFilterKeepsTheRow(clear: Action) {
        var run = Run.onMeshList()
        run.type("pla")
        run.send(.select(.meshList, .mesh("m2")), clear)
        #expect(run.state.inputs[.meshFilter]?.isEmpty == true)
        #expect(run.state.selections[.meshList] == .mesh("m2"))
        run.send(.mesh(.choose(id: "m2")))
        #expect(run.state.selections[.meshList] == nil)
    }

    @Test("an invite link is recognised in the filter; a bare word of twelve letters is not")
    func paste() {
        var run = Run.onMeshList()
        run.send(.paste("spectrumteam"))
        #expect(run.screen == .meshList)
        #expect(run.state.inputs[.meshFilter]?.text == "spectrumteam")
        run.send(.mesh(.clearFilter), .paste(Sample.inviteLink))
        #expect(run.screen == .joinLink)
    }

    // MARK: Creating

    @Test(
        "prefilled with one's own, or with what was filtered for",
        arguments: [
            ("", "Ada's mesh", "adas-mesh"), ("zzz", "zzz", "zzz"), (" Plátano Ñ ", "Plátano Ñ", "platano-n"),
        ])
    func prefilled(filter: String, name: String, slug: String) {
        var run = Run.onMeshList()
        run.type(filter)
        run.send(.mesh(.create))
        #expect(run.screen == .meshCreate)
        #expect(run.state.inputs[.meshName]?.text == name)
        #expect(run.state.meshes.draft?.slug == slug)
        #expect(run.state.meshes.draft?.takenSlug == nil)
    }

    @Test("in Spanish too")
    func spanish() {
        var run = Run(identity: Sample.identity(), settings: Settings(language: .es))
        run.send(.arrived(.meshes([])), .mesh(.create))
        #expect(run.state.inputs[.meshName]?.text == "Malla de Ada")
    }

    @Test("a slug of one's own is seen to be taken as it is typed; others' are free to use")
    func taken() {
        var run = Run.onMeshList(Sample.meshes + [Sample.mesh("x", "dev 2", .owner)])
        run.send(.mesh(.create))
        run.type("Dev")
        #expect(run.state.meshes.draft?.takenSlug == "dev")
        #expect(run.state.meshes.draft?.slug == "dev-3")
        run.type("planning")
        #expect(run.state.meshes.draft?.takenSlug == nil)
        run.type("dev")
        guard case .createMesh(_, "dev", "dev-3", _) = run.send(.mesh(.submit)).first else {
            Issue.record("\(run.effects)")
            return
        }
    }

    @Test("no name has no slug, taken or free")
    func noName() {
        var run = Run.onMeshList([Sample.mesh("m1", "mesh", .owner)] + Sample.meshes)
        run.send(.mesh(.create), .edit(.meshName, TextInput()))
        #expect(!run.text.contains("mesh-2") && !run.text.contains("taken"))
    }

    @Test("no answer while creating: what was being made, and that a retry is safe")
    func silenceWhileCreating() {
        var run = Run.onMeshList()
        run.send(.mesh(.create), .mesh(.submit), .arrived(.failed(.creatingMesh(name: "Ada's mesh"), .api(.down))))
        #expect(run.text.contains("This was while creating \"Ada's mesh\"."))
        #expect(run.text.contains("It is safe to retry: it will not be created twice."))
    }

    @Test("taken on the server: the free one it names, one Enter takes it")
    func takenOnServer() {
        var run = Run.onMeshList()
        run.send(.mesh(.create), .mesh(.submit))
        let conflict = APIFailure.refused(
            status: 409, body: ErrorBody(error: "slug_taken", suggestion: "adas-mesh-7"), retryAfter: nil)
        run.send(.arrived(.failed(.creatingMesh(name: "Ada's mesh"), .api(conflict))))
        #expect(run.screen == .meshCreate)
        #expect(run.state.meshes.draft?.takenSlug == "adas-mesh")
        guard case .createMesh(_, "Ada's mesh", "adas-mesh-7", _) = run.send(.mesh(.submit)).first else {
            Issue.record("\(run.effects)")
            return
        }
    }

    @Test("two retries never make two: the key is kept for the same mesh, and another mesh has another")
    func idempotent() {
        var run = Run.onMeshList()
        run.send(.mesh(.create))
        let first = run.send(.mesh(.submit))
        #expect(run.send(.mesh(.submit)) == [], "Enter twice sends once")
        run.send(.arrived(.failed(.creatingMesh(name: "Ada's mesh"), .api(.broken))))
        #expect(run.screen == .error)
        #expect(run.send(.retry) == first)
        run.send(.arrived(.failed(.creatingMesh(name: "Ada's mesh"), .api(.broken))))
        run.pass(3000)
        #expect(run.send(.tick) == first, "by itself, after the second pause")
        run.send(.arrived(.failed(.creatingMesh(name: "Ada's mesh"), .api(.broken))), .back)
        #expect(run.screen == .meshCreate)
        #expect(run.send(.mesh(.submit)) == first)
        run.send(.arrived(.failed(.creatingMesh(name: "Ada's mesh"), .api(.broken))), .back)
        run.type("Other")
        let other = run.send(.mesh(.submit))
        #expect(other != first)
        guard case .createMesh(_, _, _, let key) = first.first, case .createMesh(_, _, _, let otherKey) = other.first
        else {
            Issue.record("\(other)")
            return
        }
        #expect(key != otherKey)
    }

    @Test("created: it is the answer, in the list, and a list on its way before does not take it away")
    func created() {
        var run = Run.onMeshList([])
        run.send(.mesh(.create), .mesh(.submit))
        let mesh = Sample.mesh("new", "Ada's mesh", .owner)
        #expect(
            run.send(.arrived(.meshCreated(mesh))) == [
                .keepMesh(server: "https://claudemesh.com", userID: "u1", mesh)
            ])
        #expect(run.state.answers.mesh == Answer(MeshName(mesh), .person))
        #expect(run.screen == .name)
        run.send(.arrived(.meshes([])))
        #expect(run.state.answers.mesh != nil)
        #expect(run.state.meshes.rows.mesh("new") == mesh)
    }

    @Test("a name the server refuses, and one nobody could see")
    func badName() {
        var run = Run.onMeshList()
        run.send(.mesh(.create))
        run.type("   ")
        #expect(run.send(.mesh(.submit)) == [])
        #expect(run.state.fieldProblem == .nothingVisible)
        run.type("ok")
        run.send(.mesh(.submit), .arrived(.failed(.creatingMesh(name: "ok"), .api(.refused(422, "invalid")))))
        #expect(run.screen == .error)
        guard case .error(let notice) = run.state.overlays.top else { return }
        #expect(notice.retry.at == nil, "the same again would be refused again")
        run.send(.back)
        #expect(run.screen == .meshCreate && run.state.inputs[.meshName]?.text == "ok")
    }

    @Test("Esc stops what is being sent, then drops the draft; sent again it is the same mesh")
    func dropDraft() {
        var run = Run.onMeshList()
        run.send(.mesh(.create))
        let first = run.send(.mesh(.submit))
        #expect(run.send(.back) == [.cancel(.create)])
        #expect(run.screen == .meshCreate)
        #expect(run.send(.mesh(.submit)) == first)
        run.send(.back, .back)
        #expect(run.screen == .meshList)
        #expect(run.state.meshes.draft == nil)
    }

    @Test("a list that was answered as it came is none to go back to; opened, it has its answer under the selection")
    func answeredAsItCame() {
        for request in [Request(mesh: Answer("dev", .flag("--mesh"))), Request(mesh: Answer("m3", .variable("V")))] {
            var run = Run(request: request, memory: Sample.memory, identity: Sample.identity())
            #expect(run.screen == .meshList)
            run.send(.arrived(.meshes(Sample.meshes)))
            #expect(run.screen == .confirm && run.state.answers.mesh?.value.id == "m3")
            #expect(!run.state.canGoBack)
            run.send(.confirm(.changeMesh))
            #expect(run.state.selections[.meshList] == .mesh("m3"))
            run.send(.back)
            #expect(run.screen == .confirm && !run.state.canGoBack)
        }
        // One that was asked is.
        var asked = Run.onMeshList()
        asked.send(.mesh(.choose(id: "m2")))
        #expect(asked.state.canGoBack)
    }

    @Test("numbered slugs never grow over the limit")
    func longSlug() {
        let long = String(repeating: "a", count: 40)
        var run = Run.onMeshList([Sample.mesh("a", long, .owner), Sample.planning])
        run.send(.mesh(.create))
        run.type(long)
        #expect(run.state.meshes.draft?.slug == String(repeating: "a", count: 38) + "-2")
    }
}
