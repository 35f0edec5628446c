// Holds answers to assets/openapi.json: `API.send` passes every answer of every test through here, so that whatever a
// test asks for is a test of the document too.

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import MeshAPI
import MeshStore
import Testing

@testable import MeshServer
@testable import MeshServices

enum Contract {
    /// The parsed document. `nonisolated(unsafe)`: read only.
    nonisolated(unsafe) private static let document: [String: Any] = {
        let data = Assets.embedded.bytes("openapi.json") ?? Data()
        return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
    }()

    private static var paths: [String: [String: Any]] { document["paths"] as? [String: [String: Any]] ?? [:] }

    /// Method and pattern of every operation.
    static var operations: [(method: String, pattern: String)] {
        paths.flatMap { pattern, item in
            item.keys.filter { $0 != "parameters" }.map { ($0.uppercased(), pattern) }
        }
    }

    /// Every field of every JSON body.
    static var bodyFields: [(name: String, schema: [String: Any])] {
        paths.values.flatMap(\.values).flatMap { operation -> [(name: String, schema: [String: Any])] in
            var place: Any? = operation
            for key in ["requestBody", "content", "application/json", "schema", "properties"] {
                place = (place as? [String: Any])?[key]
            }
            return (place as? [String: [String: Any]] ?? [:]).map { ($0.key, $0.value) }
        }
    }

    /// Every operation with a path that fits its pattern.
    static func requests() throws -> [(HTTPRequest.Method, pattern: String, path: String)] {
        try operations.map { operation in
            let method = try #require(HTTPRequest.Method(operation.method))
            return (method, operation.pattern, operation.pattern.replacing(/\{[a-z_]+\}/) { _ in "x" })
        }
    }

    /// With HEAD, which answers wherever GET does but where a token comes once.
    static func methods(of pattern: String) -> [String] {
        let named = (paths[pattern] ?? [:]).keys.filter { $0 != "parameters" }.map { $0.uppercased() }
        let hasHead = named.contains("GET") && pattern != "/api/auth/cli/device-code/{device_code}"
        return (named + (hasHead ? ["HEAD"] : [])).sorted()
    }

    static func documents(_ status: Int, _ method: HTTPRequest.Method, _ pattern: String) -> Bool {
        let operation = paths[pattern]?[method.rawValue.lowercased()] as? [String: Any]
        return (operation?["responses"] as? [String: Any])?["\(status)"] != nil
    }

    /// What is wrong with an answer, nil where nothing is or the path is none of the document's.
    static func problem(_ method: HTTPRequest.Method, _ path: String, status: Int, body: String) -> String? {
        let path = String(path.prefix { $0 != "?" })
        guard let pattern = pattern(of: path),
            let operation = paths[pattern]?[method.rawValue.lowercased()] as? [String: Any]
        else { return nil }
        let name = "\(method) \(pattern) \(status)"
        guard let responses = operation["responses"] as? [String: Any],
            let response = (responses[String(status)] as? [String: Any]).map(resolve)
        else { return "\(name): not documented" }
        let content = (response["content"] as? [String: Any])?["application/json"] as? [String: Any]
        guard let schema = content?["schema"] as? [String: Any] else {
            return body.isEmpty || response["content"] != nil ? nil : "\(name): has a body"
        }
        guard let value = try? JSONSerialization.jsonObject(with: Data(body.utf8), options: .fragmentsAllowed) else {
            return "\(name): no JSON"
        }
        return mismatch(value, schema, at: "").map { "\(name): \($0)" }
    }

    private static func pattern(of path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let fitting = paths.keys.filter { pattern in
            let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
            return wanted.count == parts.count && zip(wanted, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        return fitting.min { $0.count { $0 == "{" } < $1.count { $0 == "{" } }
    }

    private static func resolve(_ value: [String: Any]) -> [String: Any] {
        guard let reference = value["$ref"] as? String else { return value }
        let target = reference.split(separator: "/").dropFirst().reduce(document as Any) { node, key in
            (node as? [String: Any])?[String(key)] as Any
        }
        return target as? [String: Any] ?? [:]
    }

    /// Where `value` leaves the schema: the part of JSON Schema that the document uses. Unknown properties are a
    /// mismatch, since a document that leaves something out describes nothing.
    private static func mismatch(_ value: Any, _ schema: [String: Any], at place: String) -> String? {
        let schema = resolve(schema)
        let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map { [$0] } ?? []
        if !types.isEmpty && !types.contains(where: { isType(value, $0) }) { return "\(place) is no \(types)" }
        if let allowed = schema["enum"] as? [String], let text = value as? String, !allowed.contains(text) {
            return "\(place) is none of \(allowed)"
        }
        if let pattern = schema["pattern"] as? String, let text = value as? String,
            text.range(of: pattern, options: .regularExpression) == nil
        {
            return "\(place) does not match \(pattern)"
        }
        if let least = schema["minimum"] as? Double, let number = value as? Double, number < least {
            return "\(place) is below \(least)"
        }
        if let item = schema["items"] as? [String: Any], let list = value as? [Any] {
            return list.lazy.compactMap { mismatch($0, item, at: place + "[]") }.first
        }
        return (value as? [String: Any]).flatMap { mismatch(object: $0, schema, at: place) }
    }

    private static func mismatch(object: [String: Any], _ schema: [String: Any], at place: String) -> String? {
        let properties = schema["properties"] as? [String: [String: Any]]
        for name in schema["required"] as? [String] ?? [] where object[name] == nil {
            return "\(place).\(name) is missing"
        }
        guard let properties else { return nil }
        for (name, value) in object {
            guard let property = properties[name] else { return "\(place).\(name) is not described" }
            if let problem = mismatch(value, property, at: "\(place).\(name)") { return problem }
        }
        return nil
    }

    private static func isType(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "null": value is NSNull
        case "boolean": (value as? NSNumber).map { $0.objCType.pointee == 99 || value is Bool } ?? false
        case "integer": (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
        default: value is NSNumber
        }
    }
}

@Suite struct ContractTests {
    @Test func theDocumentIsServed() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let answer = try await client.execute(uri: "/openapi.json", method: .get)
            #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
            #expect(answer.text.contains("\"openapi\""))
        }
    }

    @Test func everyOperationHasAHandler() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            for operation in Contract.operations {
                let path = operation.pattern.replacing(/\{[a-z_]+\}/) { _ in "x" }
                let method = try #require(HTTPRequest.Method(operation.method))
                let answer = try await api.send(method, path)
                let metrics = bench.services.metrics.text(gauges: [:])
                // What no route answers is counted as "-".
                #expect(!metrics.contains("route=\"-\"") && answer.status != .internalServerError, "\(operation)")
            }
        }
    }

    /// JSON Schema counts code points, of which a character may have many.
    @Test func theLongestNameIsNoLongerThanTheDocumentSays() async throws {
        let family = "\u{1F469}\u{1F3FD}\u{200D}\u{2764}\u{FE0F}\u{200D}\u{1F48B}\u{200D}\u{1F469}\u{1F3FF}"
        let name = String(repeating: family, count: FieldRule.name.maxCharacters)
        let rules = ["name": FieldRule.name, "display_name": .name, "role": .role]
        let bounds = Contract.bodyFields.filter {
            rules[$0.name] != nil && $0.schema["enum"] == nil && $0.schema["pattern"] == nil
        }
        #expect(bounds.count >= 6)
        for (field, schema) in bounds { #expect(schema["maxLength"] as? Int == rules[field]?.maxBytes, "\(field)") }
        let bench = try Bench()
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            #expect(try await api.send(.post, "/api/my/meshes", #"{"name":"\#(name)"}"#).status == .created)
        }
    }

    /// A path without the names of its parameters.
    private static func shape(_ pattern: String) -> String {
        pattern.split(separator: "/").map { $0.hasPrefix("{") || $0.hasPrefix(":") ? "{}" : String($0) }
            .joined(separator: "/")
    }

    @Test func everyHandlerIsAnOperation() throws {
        let router = try Bench().server.router()
        let served = router.routes.filter { $0.method != .head }.map {
            "\($0.method) \(Self.shape($0.path.description))"
        }.filter { [" api/", " oauth/", " .well-known/", " health", " metrics"].contains(where: $0.contains) }
        #expect(Set(served) == Set(Contract.operations.map { "\($0.method) \(Self.shape($0.pattern))" }))
    }

    /// What stands before the handlers, asked of every one of them: the answers are those of the document, no more
    /// (`API.send` looks) and no less.
    @Test func whatStandsBeforeTheHandlersIsDocumentedAsItIs() async throws {
        let elsewhere = try Bench {
            $0.publicURL = "https://mesh.example.com"
            $0.host = "0.0.0.0"
        }
        try await elsewhere.run { client in
            for (method, pattern, path) in try Contract.requests() {
                let answer = try await API(client: client).send(method, path)
                #expect((answer.status.code == 421) == Contract.documents(421, method, pattern), "\(method) \(pattern)")
            }
        }
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            for (method, pattern, path) in try Contract.requests() {
                let name = Comment(rawValue: "\(method) \(pattern)")
                // A message's text alone may be longer.
                let length = method == .post && pattern.hasSuffix("/{mesh_id}/messages") ? "600000" : "70000"
                #expect(try await api.send(method, path, headers: [.contentLength: length]).status.code == 413, name)
                let taken = Contract.methods(of: pattern)
                let all: [HTTPRequest.Method] = [.put, .patch, .delete, .post]
                let wrong = try #require(all.first { !taken.contains($0.rawValue) })
                let other = try await client.execute(uri: path, method: wrong)
                #expect(other.status == .methodNotAllowed, name)
                #expect(try other.refusal.error == "method_not_allowed")
                #expect(other.headers[.allow] == Contract.methods(of: pattern).joined(separator: ", "), name)
                // A browser's session and OAuth's errors have tests of their own.
                if pattern.hasPrefix("/oauth/") || pattern.hasSuffix("/approve") || pattern.hasSuffix("/deny") {
                    continue
                }
                if method == .post {
                    let text = try await api.send(method, path, "x", headers: [.contentType: "text/plain"])
                    #expect((text.status.code == 415) == Contract.documents(415, method, pattern), name)
                }
                let bad = try await API(client: client, token: "cm_session_nope").send(method, path)
                #expect((bad.status.code == 401) == Contract.documents(401, method, pattern), name)
            }
        }
    }

    @Test func aMismatchIsFound() {
        func problem(_ path: String, _ body: String, _ status: Int = 200) -> String? {
            Contract.problem(.get, path, status: status, body: body)
        }
        #expect(problem("/health", #"{"status":"ok","version":"1"}"#) == nil)
        #expect(problem("/health", #"{"status":7}"#) != nil)
        #expect(problem("/health", #"{"version":"1"}"#) != nil)
        #expect(problem("/health", #"{"status":"ok","more":1}"#) != nil)
        #expect(problem("/health", "ok") != nil)
        #expect(problem("/health", "", 201) != nil)
        let user = #"{"user":{"id":"a"},"credential":{"id":"a","kind":"session","name":"x"}}"#
        #expect(problem("/api/my/whoami", user)?.contains(".user.name is missing") == true)
    }
}
