// What holds on every route: headers, hosts, bodies, errors as JSON or page, languages.

import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Localization
import Logging
import MeshAPI
import MeshStore
import Testing

@testable import MeshServer
@testable import MeshServices
@testable import MeshStoreSQLite

@Suite struct HTTPTests {
    @Test(arguments: ["/login", "/nowhere", "/api/nowhere", "/health", "/api/my/whoami"])
    func everyAnswerCarriesTheHeaders(path: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let answer = try await client.execute(uri: path, method: .get)
            let policy = try #require(answer.headers[.contentSecurityPolicy])
            let parts = [
                "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'", "connect-src 'self'",
                "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
            ]
            #expect(policy == parts.joined(separator: "; "))
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(answer.headers[.referrerPolicy] == "no-referrer")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer.headers[.strictTransportSecurity] == nil)
        }
    }

    @Test func onlyOurHostsAreAnswered() {
        let local = PublicAddress(publicURL: nil, host: "127.0.0.1", port: 7420)
        for host in ["127.0.0.1:7420", "localhost:7420", "[::1]:7420", "LOCALHOST", "localhost:9000"] {
            #expect(local.answers(to: host), "\(host)")
        }
        let strange = [
            "evil.example", "localhost.evil.example", "", nil, "127.0.0.1:80@evil.example", "localhost:x",
            "localhost@evil.example", "[::1]:80@evil.example", "[::1]x", "[::1",
        ]
        for host in strange { #expect(!local.answers(to: host), "\(host ?? "-")") }
        let open = PublicAddress(publicURL: "https://mesh.example.com", host: "0.0.0.0", port: 7420)
        #expect(open.answers(to: "mesh.example.com"))
        #expect(!open.answers(to: "localhost"))
        #expect(!open.answers(to: "example.com"))
        #expect(!open.answers(to: "mesh.example.com:x@evil.example"))
    }

    @Test func anUnknownHostIsMisdirectedButHealthAnswersAny() async throws {
        let bench = try Bench {
            $0.publicURL = "https://mesh.example.com"
            $0.host = "0.0.0.0"
        }
        try await bench.run { client in
            let api = API(client: client)
            for path in ["/login", "/api/my/whoami"] {
                let answer = try await api.get(path)
                #expect(answer.status == .misdirectedRequest)
            }
            for path in ["/health", "/health/ready"] {
                let answer = try await api.get(path)
                #expect(answer.status == .ok)
            }
        }
    }

    @Test func aDiskThatTakesNothingIsSaidToBeUntilItDoes() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "meshserver-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let log = RecordedLog()
        let bench = try Bench(logger: log.logger) { $0.storage = .file(folder + "/server.sqlite") }
        @Sendable func forbidWrites(_ isForbidden: Bool) async throws {
            let store = try #require(bench.database as? SQLiteStore)
            try await store.writer.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA query_only = \(isForbidden ? 1 : 0)")
            }
        }
        try await bench.run { client in
            let api = API(client: client)
            let code = try await api.deviceCode()
            try await forbidWrites(true)
            for method in [HTTPRequest.Method.post, .delete] {
                let path = "/api/auth/cli/device-code" + (method == .delete ? "/\(code.deviceCode)" : "")
                let body = #"{"device_name":"secretive","device_os":"b","device_arch":"c"}"#
                let refused = try await api.send(method, path, method == .post ? body : nil)
                #expect(refused.status == .serviceUnavailable && refused.headers[.retryAfter] == "30")
                #expect(try refused.refusal.error == "storage_unavailable")
            }
            #expect(try await api.get("/health/ready").status == .serviceUnavailable)
            #expect(try await api.get("/health").status == .ok)
            try await forbidWrites(false)
            #expect(try await api.get("/health/ready").status == .ok)
            _ = try await api.deviceCode()
        }
        #expect(log.text.contains(#""code": sqlite 8 (attempt to write a readonly database)"#), "\(log.text)")
        #expect(!log.text.contains("secretive"))
    }

    @Test func aBodyHas64KiBAtMost() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let big = #"{"device_name":""# + String(repeating: "a", count: 64 * 1024) + #""}"#
            let answer = try await API(client: client).send(.post, "/api/auth/cli/device-code", big)
            #expect(answer.status == .contentTooLarge)
            #expect(try answer.refusal.error == "too_large")
            let browser = Browser(client: client)
            _ = try await browser.get("/login")
            let form = try await browser.submit("/login", ["email": String(repeating: "a", count: 64 * 1024)])
            #expect(form.status == .contentTooLarge)
        }
    }

    @Test func aBodyThatIsNoJSONIsSaidToBe() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            // Numbers that are none, also where nobody asks for them.
            let numbers = ["01", "-", "1.", ".5", "+1", "1e", "--1", "0x10", "1-2"]
            let whole = #"{"device_name":"a","device_os":"b","device_arch":"c","x":[1]}"#
            #expect(try await api.send(.post, "/api/auth/cli/device-code", whole).status == .created)
            let commas = [whole.replacing("[1]", with: "[1 , ]"), whole.replacing("]}", with: "],\n}")]
            for body in ["", "{", "[]", "\u{0}"] + commas + numbers.map({ whole.replacing("[1]", with: $0) }) {
                #expect(try await api.send(.post, "/api/auth/cli/device-code", body).status == .badRequest, "\(body)")
            }
            for encoding in [String.Encoding.utf16, .utf16LittleEndian, .utf32BigEndian] {
                let body = ByteBuffer(bytes: try #require(whole.data(using: encoding)))
                let other = try await client.execute(
                    uri: "/api/auth/cli/device-code", method: .post, headers: [.contentType: "application/json"],
                    body: body)
                #expect(other.status == .badRequest, "\(encoding)")
            }
            let text = try await api.send(
                .post, "/api/auth/cli/device-code", "{}", headers: [.contentType: "text/plain"])
            #expect(text.status == .unsupportedMediaType)
        }
    }

    @Test func errorsAreJSONForPrograms() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let answer = try await client.execute(uri: "/api/nowhere", method: .get)
            #expect(answer.status == .notFound)
            #expect(try answer.refusal.error == "not_found")
        }
    }

    @Test func aMethodThatIsNotTakenIsSaidToBe() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let answer = try await client.execute(uri: "/api/my/meshes/x", method: .put)
            #expect(answer.status == .methodNotAllowed)
            #expect(answer.headers[.allow] == "DELETE, GET, HEAD, PATCH")
            #expect(try answer.refusal.error == "method_not_allowed")
            let page = try await client.execute(uri: "/login", method: .delete)
            #expect(page.status == .methodNotAllowed && page.headers[.allow] == "GET, HEAD, POST")
            #expect(try await client.execute(uri: "/login", method: .head).status == .ok)
            let code = try await client.execute(uri: "/api/auth/cli/device-code/x", method: .put)
            #expect(code.headers[.allow] == "DELETE, GET", "its token comes once")
        }
    }

    @Test func errorsArePagesForPeople() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let answer = try await client.execute(uri: "/nowhere", method: .get, headers: [.acceptLanguage: "es"])
            #expect(answer.status == .notFound)
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            #expect(answer.text.contains("Aquí no hay nada."))
        }
    }

    /// Whoever is signed in sees so on an error's page too, and can sign out there.
    @Test func anErrorsPageKnowsItsVisitor() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.person("Ada", client)
            for path in ["/nowhere", "/dashboard?cursor=!"] {
                let page = try await ada.get(path)
                #expect(page.text.contains(#"class="who">Ada</bdi> <a href="/logout""#), "\(path)")
            }
            _ = try await ada.get("/logout")
            #expect(try await ada.submit("/logout").status == .seeOther)
            #expect(try await !ada.get("/nowhere").text.contains(#"class="who""#))
        }
    }

    @Test func numbersThatAreJSONPass() {
        for text in [
            "0", "-0", "10", "1.50", "1e9", "-1E-9", #"{"a":[1,2.5],"b":"01 + 1. \"02"}"#, "true", "[false,1]",
            #"[",",{"a,":",]}"} , "x," ]"#,
        ] {
            #expect(StrictJSON.allows(Array(text.utf8)), "\(text)")
        }
        for text in ["01", "-", "-01", "1.", "1.e2", ".5", "+1", "1e", "1e+", "1e1.5", "--1", "[1.2.3]", "[1,]"] {
            #expect(!StrictJSON.allows(Array(text.utf8)), "\(text)")
        }
    }

    @Test func whatIsWrongWithARequestIsNoFaultOfOurs() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let headers: HTTPFields = [.acceptLanguage: "es", .contentType: "application/json"]
            let form = try await client.execute(uri: "/login", method: .post, headers: headers)
            #expect(form.status == .unsupportedMediaType)
            #expect(form.text.contains("No se entiende lo que se ha enviado."))
            let ada = try await bench.person("Ada", client)
            let list = try await ada.get("/dashboard?cursor=!")
            #expect(list.status == .unprocessableContent)
            #expect(list.text.contains("“cursor” is not valid"))
        }
    }

    @Test(arguments: [
        ("", "", "", "en"), ("", "", "es", "es"), ("", "", "fr, es-MX;q=0.5, en;q=0.4", "es"),
        ("", "", "es;q=0, en", "en"), ("", "cm_lang=es", "en", "es"), ("?lang=en", "cm_lang=es", "es", "en"),
        ("", "__Host-cm_lang=es; cm_lang=en", "en", "es"),
        ("?lang=xx", "", "es", "es"),
    ])
    func theLanguageIsTheOneAskedFor(query: String, cookie: String, accept: String, language: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            var headers: HTTPFields = [.acceptLanguage: accept]
            if !cookie.isEmpty { headers[.cookie] = cookie }
            let answer = try await client.execute(uri: "/login\(query)", method: .get, headers: headers)
            #expect(answer.headers[.contentLanguage] == language)
            #expect(answer.text.contains("<html lang=\"\(language)\">"))
            if query == "?lang=en" {
                #expect(answer.headers[values: .setCookie].contains { $0.hasPrefix("cm_lang=en; ") })
            }
        }
    }

    /// Whoever must sign in first is led to a page in that language, and comes back to one.
    @Test(arguments: ["/", "/dashboard", "/dashboard/settings/sessions", "/logout", "/c/ABCD-EFGH", "/nowhere"])
    func theLanguageStaysOnTheWayToAnotherPage(_ path: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let answer = try await client.execute(uri: "\(path)?lang=es", method: .get)
            #expect(answer.headers[values: .setCookie].contains { $0.hasPrefix("cm_lang=es; ") })
            // Or it would come back with whoever chose another on the way.
            #expect(answer.headers[.location]?.contains("lang") != true)
        }
    }

    @Test func theStylesheetIsCached() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let page = try await client.execute(uri: "/login", method: .get).text
            let href = try #require(page.firstMatch(of: /stylesheet" href="([^"]+)"/)).1
            let answer = try await client.execute(uri: String(href), method: .get)
            #expect(answer.headers[.contentType] == "text/css; charset=utf-8")
            #expect(answer.headers[.cacheControl]?.contains("immutable") == true)
        }
    }

    @Test func theIconIsCachedAndFoundWhereBrowsersLook() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let page = try await client.execute(uri: "/login", method: .get).text
            let link = try #require(page.firstMatch(of: /<link rel="icon" href="([^"]+)"/)).1
            let icon = try await client.execute(uri: String(link), method: .get)
            #expect(icon.headers[.contentType] == "image/svg+xml; charset=utf-8")
            #expect(icon.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(icon.text.hasPrefix("<svg "))
            // What the policy forbids would be missing from the picture.
            #expect(!icon.text.contains("<style") && !icon.text.contains("style=") && !icon.text.contains("href"))
            let usual = try await client.execute(uri: "/favicon.ico", method: .get)
            #expect(usual.status == .seeOther && usual.headers[.location] == String(link))
        }
    }

    /// But for a code's card, which HEAD does not show: that is who owns the code.
    @Test func headSaysHowLongThePageIs() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let ada = try await bench.person("Ada", client)
            let open = [
                "/login", "/login?next=/c", "/login?lang=es", "/register", "/register?code=ABCD-EFGH", "/nowhere",
                "/cli-auth/approved", "/cli-auth/denied", "/i/AAAA-AAAA-AAAA", "/style.css", "/copy.js", "/icon.svg",
                "/openapi.json", "/health", "/api/my/whoami",
            ]
            let settings = ["cli-tokens", "sessions", "password", "password/changed"].map {
                "/dashboard/settings/\($0)"
            }
            let own = ["/cli-auth", "/c", "/C", "/dashboard", "/dashboard?limit=1&lang=es", "/logout"] + settings
            let visitor = Browser(client: client)
            _ = try await visitor.get("/login")
            for (browser, path) in open.map({ (visitor, $0) }) + own.map({ (ada, $0) }) {
                let page = try await browser.get(path)
                let head = try await browser.send(.head, path, body: nil, headers: [:])
                #expect(head.status == page.status && head.text.isEmpty, "\(path)")
                #expect(head.headers[.contentLength] == page.headers[.contentLength], "\(path)")
                #expect(page.headers[.contentLength] == String(page.body.readableBytes), "\(path)")
            }
        }
    }

    @Test func registrationIsOpenForThisMachineAlone() {
        func mode(_ change: (inout ServerOptions) -> Void) -> RegistrationMode {
            var options = ServerOptions(storage: .memory)
            change(&options)
            return options.registrationInForce
        }
        #expect(mode { _ in } == .open)
        #expect(mode { $0.publicURL = "http://localhost:7420" } == .open)
        #expect(mode { $0.publicURL = "https://mesh.example.com" } == .invite, "a proxy stands in front")
        #expect(mode { $0.host = "0.0.0.0" } == .invite)
        #expect(
            mode {
                $0.host = "0.0.0.0"
                $0.registration = .open
            } == .open)
    }

    @Test func optionsThatWouldBeUnsafeAreRefused() {
        func failure(_ change: (inout ServerOptions) -> Void) -> ServerOptionError? {
            var options = ServerOptions(storage: .memory)
            change(&options)
            do {
                try options.validate()
                return nil
            } catch {
                return error as? ServerOptionError
            }
        }
        #expect(failure { _ in } == nil)
        #expect(failure { $0.host = "192.0.2.1" } == .insecurePublicURL)
        for host in ["0.0.0.0", "::", "[::]", "0"] {
            for isInsecure in [true, false] {
                let found = failure { ($0.host, $0.isInsecure) = (host, isInsecure) }
                #expect(found == .wildcardHost, "it would answer nobody")
            }
            #expect(failure { ($0.host, $0.publicURL) = (host, "https://mesh.example.com") } == nil)
        }
        #expect(failure { $0.publicURL = "http://mesh.example.com" } == .insecurePublicURL)
        #expect(
            failure {
                $0.publicURL = "http://mesh.example.com"; $0.isInsecure = true
            } == nil)
        #expect(failure { $0.publicURL = "https://mesh.example.com/" } == nil)
        for url in [
            "mesh.example.com", "https://mesh.example.com/x", "https://a b", "https://u@h", "https://h:99999",
            "https://h:0",
            "https://h:", "https://h:x", "https://h#x", "https://h?x", "https://?x", "https://<b>\"", "https://",
            "https:///",
            "https://[::1", "https://[::g]", "https://[1.2]", "https://a..b", "https://.a", "https://münchen.example",
            "ftp://h", " https://h", "https://h\n",
        ] {
            #expect(failure { $0.publicURL = url } == .publicURL, "\(url)")
        }
        for url in [
            "HTTPS://Mesh.Example.com:8443/", "https://[2001:db8::1]:8443", "http://[::1]:7420", "https://my_box",
        ] {
            #expect(failure { $0.publicURL = url } == nil, "\(url)")
        }
        #expect(failure { $0.port = 70_000 } == .port)
        #expect(failure { $0.hasLimits = false } == nil)
        #expect(
            failure {
                $0.publicURL = "https://mesh.example.com"
                $0.hasLimits = false
            } == .limitsOffLoopback)
        #expect(
            failure {
                $0.host = "0.0.0.0"
                $0.publicURL = "https://a"
                $0.hasLimits = false
            } == .limitsOffLoopback)
    }
}
