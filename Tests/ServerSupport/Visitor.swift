// A person at the server's pages without a browser's picture of them: forms are fetched, filled in and sent, cookies kept.
// What a real browser does with the pages is for tests with one; this is for journeys that need somebody to approve.

import Foundation
import FoundationNetworking
import TestSupport

/// Somebody with an account, signed in to the pages of the server at an address.
package final class Visitor: Sendable {
    package static let password = "correct horse battery staple"

    private let base: String
    private let network = URLSession(configuration: .ephemeral)

    package init(_ base: String, name: String = "Vera Visitante") async throws {
        self.base = base
        _ = try await post(
            "/register", from: "/register", ["name": name, "email": "vera@example.com", "password": Self.password])
    }

    /// Opens the code's page; its text.
    @discardableResult
    package func look(at code: String) async throws -> String { try await send(URLRequest(url: url("/c/\(code)"))) }

    /// Approves or denies the code by the form of its page.
    package func answer(_ code: String, approve: Bool = true) async throws {
        _ = try await post(
            "/api/auth/cli/device-code/\(code)/\(approve ? "approve" : "deny")", from: "/c/\(code)", [:])
    }

    /// Sends the form that stands on the page at `origin`.
    private func post(_ path: String, from origin: String, _ fields: [String: String]) async throws -> String {
        let page = try await send(URLRequest(url: url(origin)))
        guard let token = page.firstMatch(of: #/name="csrf_token" value="([^"]+)"/#) else {
            throw SessionFailure("no form at \(origin):\n\(page)")
        }
        var request = URLRequest(url: try url(path))
        request.httpMethod = "POST"
        request.setValue(base, forHTTPHeaderField: "Origin")
        request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(
            fields.merging(["csrf_token": String(token.1)]) { $1 }
                .map { "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
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
        guard let url = URL(string: base + path) else { throw SessionFailure("no address \(path)") }
        return url
    }
}
