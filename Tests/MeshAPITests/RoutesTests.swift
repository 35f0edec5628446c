// Routes: paths that cannot be led astray, and the shape of lists.

import FoundationEssentials
import MeshAPI
import Testing

struct RoutesTests {
    @Test func aPathCarriesItsValues() {
        #expect(Routes.endSession.path("m1", "s-2") == "/api/my/meshes/m1/sessions/s-2")
        #expect(Routes.whoami.path() == "/api/my/whoami")
    }

    @Test(arguments: ["../../my/whoami", "a/b", "..", "a?b#c", "a%2Fb", "\u{0}\r\n", "ñ"])
    func aHostileValueStaysOneComponent(value: String) {
        let path = Routes.mesh.path(value)
        #expect(path.split(separator: "/").count == 4)
        #expect(!path.contains("..") && path.utf8.allSatisfy { (0x21..<0x7f).contains($0) })
        #expect(!path.contains("?") && !path.contains("#"))
    }

    @Test func aListIsNamedAfterItsRoute() throws {
        let page = Page(items: [CreateMesh(name: "a")], nextCursor: "c2")
        let data = try WireJSON.encode(page, of: Routes.listMeshes)
        #expect(String(decoding: data, as: UTF8.self) == #"{"meshes":[{"name":"a"}],"next_cursor":"c2"}"#)
        let back = try WireJSON.decode(Page<CreateMesh>.self, of: Routes.listMeshes, from: data)
        #expect(back.items == page.items && back.nextCursor == "c2")
        #expect(throws: DecodingError.self) {
            try WireJSON.decode(Page<CreateMesh>.self, of: Routes.listPeers, from: data)
        }
    }

    @Test func anEventSaysOnlyItsFacts() throws {
        let event = TelemetryEvent.apiError(
            Routes.mesh, status: 404, errorCode: "not_found", at: Date(timeIntervalSince1970: 0))
        let text = String(decoding: try WireJSON.encode(event), as: UTF8.self)
        #expect(text.contains(#""endpoint":"/api/my/meshes/{id}","error_code":"not_found""#))
        #expect(!text.contains("user_id") && !text.contains("command"))
    }
}
