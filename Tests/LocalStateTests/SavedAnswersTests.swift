// What is kept of a person's choices: per server and account, and no more than is of use.

import Foundation
import MeshAPI
import Testing

@testable import LocalState

struct SavedAnswersTests {
    private let directory: TemporaryDirectory
    private var config: ConfigDirectory { directory.config }

    init() throws { directory = try TemporaryDirectory() }

    static let mine = AccountKey(server: TokenChoiceTests.here, userID: "u1")
    static let others = AccountKey(server: TokenChoiceTests.here, userID: "u2")
    static let elsewhere = AccountKey(server: .standard, userID: "u1")

    static func mesh(_ id: String, name: String = "Dev") -> SavedMesh {
        SavedMesh(
            Mesh(
                id: id, slug: "s-\(id)", name: name, membership: .admin, memberCount: 3,
                createdAt: Date(timeIntervalSince1970: 0), joinedAt: Date(timeIntervalSince1970: 100), ownerName: "Bo"))
    }

    @Test func meshesBelongToAServerAndAnAccount() throws {
        let time = Date(timeIntervalSince1970: 1_000_000)
        try config.updateMeshes { file in
            file.setMeshes([Self.mesh("a"), Self.mesh("b")], of: Self.mine, at: time)
            file.setMeshes([Self.mesh("c")], of: Self.others, at: time)
            file.setMeshes([Self.mesh("d")], of: Self.elsewhere, at: time)
        }
        let changes = try config.updateMeshes {
            $0.setMeshes([Self.mesh("b", name: "New"), Self.mesh("e")], of: Self.mine, at: time + 60)
        }
        #expect(changes.added.map(\.id) == ["e"] && changes.removed.map(\.id) == ["a"])
        let file = try config.readMeshes().value
        #expect(file.meshes(of: Self.mine) == [Self.mesh("b", name: "New"), Self.mesh("e")])
        #expect(file.meshes(of: Self.others).map(\.id) == ["c"])
        #expect(file.meshes(of: Self.elsewhere).map(\.id) == ["d"])
        #expect(file.meshesSeenAt(of: Self.mine) == time + 60)
        #expect(file.meshesSeenAt(of: Self.others) == time)
        _ = try config.updateMeshes { $0.setMeshes([Self.mesh("f")], of: Self.mine, at: nil) }
        let later = try config.readMeshes().value
        #expect(later.meshesSeenAt(of: Self.mine) == time + 60, "what is known so far is not all")
        #expect(file.meshesSeenAt(of: AccountKey(server: .standard, userID: "u9")) == nil)
    }

    @Test func whatMayWakeAndWhatWaitedIsKeptByMesh() throws {
        try config.updateState { state in
            var answers = SavedAnswers()
            answers.attention = ["m1": .quiet, "m2": .focus]
            answers.waiting = ["m1": 2]
            state.setAnswers(answers, of: Self.mine)
        }
        var answers = try config.readState().value.answers(of: Self.mine)
        #expect(answers.attention == ["m1": .quiet, "m2": .focus] && answers.waiting == ["m1": 2])
        answers.waiting = [:]
        try config.updateState { [answers] in $0.setAnswers(answers, of: Self.mine) }
        #expect(try config.readState().value.answers(of: Self.mine).waiting.isEmpty)
        #expect(try config.readState().value.answers(of: Self.others).attention.isEmpty)
    }

    @Test func oneMeshIsAddedOrRenewedAmongWhatOthersHaveWritten() throws {
        try config.updateMeshes { _ = $0.setMeshes([Self.mesh("a"), Self.mesh("b")], of: Self.mine, at: Date()) }
        try config.updateMeshes { $0.keepMesh(Self.mesh("c"), of: Self.mine) }
        try config.updateMeshes { $0.keepMesh(Self.mesh("a", name: "New"), of: Self.mine) }
        let kept = try config.readMeshes().value.meshes(of: Self.mine)
        #expect(kept == [Self.mesh("a", name: "New"), Self.mesh("b"), Self.mesh("c")])
    }

    @Test func whatIsWrongInAListCostsOnlyItself() throws {
        let text =
            #"{"meshes":[1,{"server":"https://a.example","user_id":"u1","id":"a","slug":"a","name":"A","color":"red"},{"server":"https://a.example","user_id":"u1","id":7},null]}"#
        try directory.write(text, to: "config/meshes.json")
        #expect(try config.readMeshes().value.meshes(of: Self.mine).map(\.id) == ["a"])
        try config.updateMeshes { _ = $0.setMeshes([Self.mesh("a")], of: Self.mine, at: Date()) }
        #expect(try directory.text("config/meshes.json").contains(#""color": "red""#))
    }

    @Test func theListOfAFormerVersionStoodInConfigAndMovesOut() throws {
        let text =
            #"{"version":1,"lang":"es","later":[1.0],"synced":[{"server":"https://a.example","user_id":"u1","at":"1970-01-12T13:46:40Z"}],"meshes":[{"server":"https://a.example","user_id":"u1","id":"a","slug":"a","name":"A","color":"red"},{"server":"https://a.example","user_id":"u2","id":"b","slug":"b","name":"B"}]}"#
        try directory.write(text, to: "config/config.json")
        let read = try config.readMeshes().value
        #expect(read.meshes(of: Self.mine).map(\.id) == ["a"])
        #expect(read.meshesSeenAt(of: Self.mine) == Date(timeIntervalSince1970: 1_000_000))
        try config.updateConfig { $0.ascii = true }
        #expect(try config.readMeshes().value == read, "a choice that is written does not lose it")
        try config.updateMeshes { $0.keepMesh(Self.mesh("c"), of: Self.mine) }
        let meshes = try config.readMeshes().value
        #expect(meshes.meshes(of: Self.mine).map(\.id) == ["c", "a"], "the newest first; of one no time was kept")
        #expect(meshes.meshes(of: Self.others).map(\.id) == ["b"])
        #expect(try directory.text("config/meshes.json").contains(#""color": "red""#))
        let left = try directory.text("config/config.json")
        #expect(!left.contains("meshes") && !left.contains("synced"))
        #expect(left.contains(#""lang": "es""#) && left.contains("1.0") && left.contains(#""ascii": true"#))
        // What an older program puts there again is not looked at.
        try directory.write(text, to: "config/config.json")
        #expect(try config.readMeshes().value == meshes)
    }

    @Test func aDamagedListCostsNoChoice() throws {
        try config.updateConfig { $0.language = "es" }
        try directory.write("{", to: "config/meshes.json")
        let read = try config.readMeshes()
        #expect(read.value == MeshCache() && read.notices.count == 1)
        #expect(try config.readConfig().value.language == "es")
        #expect(directory.names("config").contains("meshes.json.damaged"))
    }

    @Test func choicesAreKept() throws {
        try config.updateConfig { file in
            file.server = "local"
            file.language = "es"
            file.telemetry = false
            file.plain = true
            file.ascii = false
        }
        var file = try config.readConfig().value
        #expect(file.server == "local" && file.language == "es" && file.telemetry == false)
        #expect(file.plain == true && file.ascii == false)
        try config.updateConfig { $0.server = nil }
        file = try config.readConfig().value
        #expect(file.server == nil)
        try directory.write(#"{"server":1,"plain":"no"}"#, to: "config/config.json")
        file = try config.readConfig().value
        #expect(file.server == nil && file.plain == nil && file.telemetry == nil)
    }

    @Test func answersBelongToAServerAndAnAccount() throws {
        try config.updateState { state in
            var answers = SavedAnswers(name: "Ale", role: "")
            answers.used(mesh: "m1", named: "One")
            answers.used(mesh: "m2", named: "Two")
            answers.used(mesh: "m1", named: "One")
            state.setAnswers(answers, of: Self.mine)
            state.setAnswers(SavedAnswers(role: "lead"), of: Self.others)
        }
        let state = try config.readState().value
        #expect(
            state.answers(of: Self.mine)
                == SavedAnswers(meshID: "m1", meshName: "One", name: "Ale", role: "", recent: ["m1", "m2"]))
        #expect(state.answers(of: Self.others) == SavedAnswers(role: "lead"))
        #expect(state.answers(of: Self.elsewhere) == SavedAnswers())
        #expect(
            state.answers(of: Self.others).name == nil && state.answers(of: Self.mine).role == "", "No role was chosen")
    }

    @Test func oldAccountsAndMeshesAreForgotten() {
        var state = StateFile()
        for number in 0..<40 {
            var answers = SavedAnswers()
            for mesh in 0..<30 { answers.used(mesh: "m\(mesh)", named: "M") }
            state.setAnswers(answers, of: AccountKey(server: .standard, userID: "u\(number)"))
        }
        #expect(state.answers(of: AccountKey(server: .standard, userID: "u39")).recent.count == SavedAnswers.mostRecent)
        #expect(state.answers(of: AccountKey(server: .standard, userID: "u39")).recent.first == "m29")
        #expect(state.answers(of: AccountKey(server: .standard, userID: "u0")) == SavedAnswers())
        #expect(state.answers(of: AccountKey(server: .standard, userID: "u8")) != SavedAnswers())
        #expect(JSONWriter.write(state.object).count < ConfigDirectory.smallFile)
    }

    static func session(_ id: String, at seconds: Double = 0) -> SessionRecord {
        SessionRecord(
            id: id, account: mine, meshID: "m1", meshSlug: "dev", meshName: "Dev", name: "Ale", role: nil,
            directory: "/src", createdAt: Date(timeIntervalSince1970: seconds))
    }

    @Test func aLaunchIsFoundByItsIdOrItsBeginning() throws {
        try config.writeSession(Self.session("7d01b2aa-0000"))
        try config.writeSession(Self.session("7d01b2ab-0000"))
        try config.writeSession(Self.session("7d01b2ab-00001"))
        #expect(try config.session(matching: "7D01B2AA") == .one(Self.session("7d01b2aa-0000")))
        #expect(try config.session(matching: "7d01b2ab-0000") == .one(Self.session("7d01b2ab-0000")), "a whole id")
        #expect(try config.session(matching: "7d01") == .many(["7d01b2aa-0000", "7d01b2ab-0000", "7d01b2ab-00001"]))
        for odd in ["", "8", "../auth", "zz", "7d01b2aa-0000.json", "*", "7d01b2aa-0000/"] {
            #expect(try config.session(matching: odd) == .none)
        }
        #expect(throws: FileFailure.self) { try config.writeSession(Self.session("../x")) }
        #expect(directory.mode("config/sessions") == 0o700)
        #expect(directory.mode("config/sessions/7d01b2aa-0000.json") == 0o600)
    }

    @Test func theFiftyNewestLaunchesAreKept() throws {
        for number in 0..<55 {
            let id = String(format: "%04d", number)
            try config.writeSession(Self.session(id))
            // Files written within one tick of the clock would be of the same age.
            var times = [timespec(tv_sec: 1000 + number, tv_nsec: 0), timespec(tv_sec: 1000 + number, tv_nsec: 0)]
            utimensat(AT_FDCWD, "\(config.path)/sessions/\(id).json", &times, 0)
        }
        let names = directory.names("config/sessions").filter { $0.hasSuffix(".json") }
        #expect(names.count == 50 && names.first == "0005.json" && names.last == "0054.json")
    }

    @Test func aDamagedLaunchIsNone() throws {
        try directory.write("{", to: "config/sessions/abcd.json")
        #expect(try config.session(matching: "abcd") == .none)
    }

    /// Whoever was listed last stands first in the file.
    @Test func theNewestOfALongListAreReadWithoutTheRest() throws {
        func meshes(_ count: Int) -> [SavedMesh] {
            (0..<count).map { number in
                let joined = Date(timeIntervalSince1970: Double(number * 7919 % 5000))
                return SavedMesh(
                    Mesh(
                        id: "\(number)", slug: "s", name: "N", membership: .owner, memberCount: 1, createdAt: joined,
                        joinedAt: joined))
            }
        }
        #expect(config.newestMeshes(of: Self.mine) == nil, "there is no file")
        try config.updateMeshes { _ = $0.setMeshes(meshes(5), of: Self.mine, at: Date()) }
        #expect(config.newestMeshes(of: Self.mine) == nil, "all of a short one is read")
        try config.updateMeshes { _ = $0.setMeshes(meshes(5000), of: Self.others, at: Date()) }
        try config.updateMeshes { _ = $0.setMeshes(meshes(5000), of: Self.mine, at: Date()) }
        let all = try config.readMeshes().value.meshes(of: Self.mine)
        #expect(all.map(\.joinedAt) == all.map(\.joinedAt).sorted(by: >))
        let newest = try #require(config.newestMeshes(of: Self.mine))
        #expect((50..<500).contains(newest.count) && newest == Array(all.prefix(newest.count)))
        #expect(config.newestMeshes(of: Self.others) == [])
    }

    @Test func aHundredThousandMeshesAreReadQuickly() throws {
        let meshes = (0..<100_000).map { Self.mesh("mesh-\($0)-0123456789", name: "Platform team \($0)") }
        try config.updateMeshes { _ = $0.setMeshes(meshes, of: Self.mine, at: Date()) }
        let file = try config.readMeshes().value
        #expect(file.meshes(of: Self.mine).count == 100_000)
    }
}
