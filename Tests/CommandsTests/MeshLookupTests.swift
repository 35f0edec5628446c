// Which mesh a word means, and which id the beginning of one.

import ConsoleSupport
import FoundationEssentials
import MeshAPI
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct MeshLookupTests {
    private func mesh(_ id: String, _ slug: String, _ name: String) -> Mesh {
        Mesh(
            id: id, slug: slug, name: name, membership: .owner, memberCount: 1, createdAt: .distantPast,
            joinedAt: .distantPast)
    }

    private var meshes: [Mesh] {
        [
            mesh("m1", "platform-team", "Platform team"), mesh("m2", "dev", "Development"),
            mesh("m3", "malaga", "Málaga"),
            mesh("m4", "dev", "Another dev"), mesh("m5", "m1-copy", "m2"),
        ]
    }

    @Test(arguments: [
        ("m1", "m1"), ("platform-team", "m1"), ("Platform team", "m1"), ("platform TEAM", "m1"), ("malaga", "m3"),
        ("MÁLAGA", "m3"), ("Development", "m2"),
        // An id goes before a name that is spelled like it.
        ("m2", "m2"),
    ])
    func finds(_ text: String, _ id: String) throws {
        #expect(try MeshLookup.find(text, among: meshes).id == id)
    }

    @Test func twoThatFitAreNotGuessedBetween() {
        #expect(throws: Failure.ambiguous(text: "dev", matches: ["m2", "m4"])) {
            try MeshLookup.find("dev", among: meshes)
        }
    }

    @Test(
        arguments: [
            ("platfrom-team", "platform-team"), ("platform", "platform-team"), ("malag", "malaga"), ("zzzz", nil),
            ("", nil),
        ] as [(String, String?)])
    func namesTheClosest(_ text: String, _ closest: String?) {
        let known = meshes.map(\.slug)
        #expect(throws: Failure.noSuchMesh(text: text, closest: closest, known: known)) {
            try MeshLookup.find(text, among: meshes)
        }
    }

    @Test func theOnlyOne() throws {
        #expect(try MeshLookup.only(of: [meshes[0]], flag: "--mesh").id == "m1")
        #expect(throws: Failure.noMeshes) { try MeshLookup.only(of: [], flag: "--mesh") }
        #expect(throws: Failure.meshUnnamed(flag: "--mesh", known: ["platform-team", "dev"])) {
            try MeshLookup.only(of: Array(meshes.prefix(2)), flag: "--mesh")
        }
    }

    @Test func idsAndTheirBeginnings() throws {
        let home = try CommandHome()
        let context = home.context(Capture(), Capture())
        let ids = ["abcdef1", "abcdef2", "abc", "xyzxyz9"]
        #expect(try IDLookup.find("xyzxyz", among: ids, context: context) == "xyzxyz9")
        #expect(try IDLookup.find("abc", among: ids, context: context) == "abc")
        #expect(try IDLookup.find("abcdef1", among: ids, context: context) == "abcdef1")
        #expect(throws: Failure.ambiguousID(text: "abcdef", matches: ["abcdef1", "abcdef2"])) {
            try IDLookup.find("abcdef", among: ids, context: context)
        }
        #expect(throws: Failure.noSuchID(text: "qqqqqq")) {
            try IDLookup.find("qqqqqq", among: ids, context: context)
        }
        #expect(throws: Failure.invalid(field: "ID", reason: "at least 6 characters")) {
            try IDLookup.find("xyzxy", among: ids, context: context)
        }
    }
}
