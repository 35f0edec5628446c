// What is embedded is what lies in assets/, and the texts of the pages fit their templates.

import Foundation
import Localization
import MeshStore
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct AssetsTests {
    private let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "assets")

    @Test func everyFileIsEmbedded() throws {
        let paths = try #require(FileManager.default.subpaths(atPath: folder.path)).filter { path in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: folder.appending(path: path).path, isDirectory: &isFolder)
            return exists && !isFolder.boolValue
        }
        // Pictures for the README, packages and the unit for systemd are for people, not for the program.
        let wanted = paths.filter { path in
            !["screens/", "package/"].contains(where: path.hasPrefix) && !path.hasSuffix(".service")
        }.sorted()
        #expect(Assets.embedded.names(under: "") == wanted)
        for path in wanted {
            #expect(Assets.embedded.bytes(path) == (try Data(contentsOf: folder.appending(path: path))), "\(path)")
        }
    }

    @Test func templatesNameTextsThatExist() {
        let known = Set(PageText.allCases.map(\.rawValue))
        for name in Assets.embedded.names(under: "web/") where name.hasSuffix(".mustache") {
            for match in (Assets.embedded.text(name) ?? "").matches(of: /\{\{t\.([A-Za-z]+)\}\}/) {
                #expect(known.contains(String(match.1)), "\(name): \(match.1)")
            }
        }
    }

    @Test func migrationsAreNumberedWithoutAGap() {
        let names = Assets.embedded.names(under: "migrations/")
        let numbers = names.compactMap { Int($0.dropFirst("migrations/".count).prefix(4)) }
        #expect(numbers == Array(1...names.count))
    }

    /// The limits in force are the published ones: a new rule needs its line in the document, and here.
    @Test func limitsArePublishedAsTheyAre() throws {
        struct Document: Decodable {
            struct Limit: Decodable {
                var name: String
                var count: Int
                var seconds: Double
            }
            struct Info: Decodable {
                var limits: [Limit]

                enum CodingKeys: String, CodingKey { case limits = "x-rate-limits" }
            }
            var info: Info
        }
        let data = try #require(Assets.embedded.bytes("openapi.json"))
        let published = try JSONDecoder().decode(Document.self, from: data).info.limits.map {
            Rule(name: $0.name, count: $0.count, seconds: $0.seconds)
        }
        let rules: [Rule] = [
            .newCodes, .signInByAccount, .signInByAddress, .registrations, .wrongCodesByAccount, .wrongCodesByAddress,
            .requestsByToken, .inviteClaims, .invitePreviews, .telemetry, .meshRequestsByToken, .messagesByPeer,
            .messagesByMember,
        ]
        // Who counts is the servers' own affair.
        #expect(Set(published) == Set(rules.map { Rule(name: $0.name, count: $0.count, seconds: $0.seconds) }))
    }
}
