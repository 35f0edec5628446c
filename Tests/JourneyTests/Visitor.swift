// A person at the server's pages without a browser's picture of them: forms are fetched, filled in and sent, cookies kept.
// What a browser does with the pages is `BrowserJourneyTests`'; this is for journeys that only need somebody to approve.

import Foundation
import FoundationNetworking
import TestSupport

/// Somebody with an account, signed in to the pages.
final class Visitor: Sendable {
    let server: TestServer
    let name: String
    let email: String
    private let network: URLSession

    init(_ server: TestServer, name: String = "Ana Ferreiro", email: String = "ana@example.com") async throws {
        self.server = server
        self.name = name
        self.email = email
        network = URLSession(configuration: .ephemeral)
        let form = try await get("/register")
        _ = try await post(
            "/register",
            ["name": name, "email": email, "password": "correct horse battery staple", "csrf_token": csrf(form)])
    }

    /// Approves or denies the code on its own page.
    func answer(_ code: String, approve: Bool = true) async throws {
        let page = try await get("/c/\(code)")
        _ = try await post(
            "/api/auth/cli/device-code/\(code)/\(approve ? "approve" : "deny")", ["csrf_token": csrf(page)])
    }

    /// Opens the code's page.
    func look(at code: String) async throws { _ = try await get("/c/\(code)") }

    private func csrf(_ page: String) throws -> String {
        let tag = page.firstMatch(of: #/<input[^>]*name="csrf_token"[^>]*>/#)
        guard let tag, let found = String(tag.0).firstMatch(of: #/value="([^"]+)"/#) else {
            throw SessionFailure("no form on the page:\n\(page)")
        }
        return String(found.1)
    }

    private func get(_ path: String) async throws -> String { try await send(URLRequest(url: url(path))) }

    private func post(_ path: String, _ fields: [String: String]) async throws -> String {
        var request = URLRequest(url: try url(path))
        request.httpMethod = "POST"
        request.setValue(server.url, forHTTPHeaderField: "origin")
        request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "content-type")
        let allowed = CharacterSet.alphanumerics
        request.httpBody = Data(
            fields.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")" }
                .joined(separator: "&").utf8)
        return try await send(request)
    }

    private func send(_ request: URLRequest) async throws -> String {
        let (data, response) = try await network.data(for: request)
        let text = String(decoding: data, as: UTF8.self)
        guard let status = (response as? HTTPURLResponse)?.statusCode, status < 400 else {
            throw SessionFailure("\(request.url?.path ?? ""): \(response)\n\(text)")
        }
        return text
    }

    private func url(_ path: String) throws -> URL {
        guard let url = URL(string: server.url + path) else { throw SessionFailure("no address \(path)") }
        return url
    }
}
