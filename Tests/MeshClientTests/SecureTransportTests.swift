// Certificates and proxies: HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE do what people expect of them.

import MeshAPI
import TestSupport
import Testing

@testable import MeshClient

struct SecureTransportTests {
    static let preview =
        #"{"mesh_name":"a","inviter_name":"b","role":"member","expires_at":"2026-01-01T00:00:00Z","uses_left":1,"member_count":2}"#

    private func preview(_ server: ServerAddress, _ environment: [String: String]) async throws(APIFailure)
        -> InvitePreview
    {
        let transport = Transport(environment: environment, userAgent: "t")
        return try await APIClient(server: server, transport: transport, timeout: .seconds(20)).invitePreview("x")
    }

    /// Nobody is asked where `localhost` and what is below it are: a hosts file may say anything, or nothing.
    @Test(arguments: ["localhost", "nobody-knows-it.localhost", "nobody-knows-it.localhost."])
    func localhostIsThisMachine(name: String) async throws {
        try await ScriptedServer.run { _ in
            .json(Self.preview)
        } _: { server in
            let address = try ServerAddress("http://\(name):\(server.port)")
            #expect(address.takesSecrets)
            #expect(try await preview(address, [:]).meshName == "a")
        }
    }

    @Test func aCertificateNobodyTrustsIsRefused() async throws {
        try await ScriptedServer.run(tls: true) { _ in
            .json(Self.preview)
        } _: { server in
            let address = try server.address
            await #expect(throws: APIFailure.unreachable(.untrustedCertificate)) { try await preview(address, [:]) }
            #expect(server.received.isEmpty)
        }
    }

    @Test func sslCertFileSaysWhomToTrust() async throws {
        let directory = try TemporaryDirectory()
        let file = try TestCertificate.file(in: directory)
        try await ScriptedServer.run(tls: true) { _ in
            .json(Self.preview)
        } _: { server in
            let answer = try await preview(try server.address, ["SSL_CERT_FILE": file])
            #expect(answer.meshName == "a")
        }
    }

    @Test func theCertificatesNameMustFit() async throws {
        let directory = try TemporaryDirectory()
        let file = try TestCertificate.file(in: directory)
        try await ScriptedServer.run(tls: true) { _ in
            .json(Self.preview)
        } _: { server in
            try await TunnelProxy.run(to: server.port) { proxy in
                let address = try ServerAddress("https://elsewhere.test")
                await #expect(throws: APIFailure.unreachable(.untrustedCertificate)) {
                    try await preview(address, ["SSL_CERT_FILE": file, "HTTPS_PROXY": proxy.address])
                }
            }
        }
    }

    @Test(arguments: ["/no/such/file", "/etc/hostname"])
    func aFileWithoutCertificatesIsNamed(file: String) async throws {
        try await ScriptedServer.run(tls: true) { _ in
            .json(Self.preview)
        } _: { server in
            let address = try server.address
            await #expect(throws: APIFailure.unreachable(.certificates(file))) {
                try await preview(address, ["SSL_CERT_FILE": file])
            }
        }
    }

    /// Plain http asks for no certificate, whatever the variable says.
    @Test func aFileOfCertificatesIsNotReadForPlainHTTP() async throws {
        try await ScriptedServer.run { _ in
            .json(Self.preview)
        } _: { server in
            let answer = try await preview(try server.address, ["SSL_CERT_FILE": "/no/such/file"])
            #expect(answer.meshName == "a")
        }
    }

    /// Without its password, and not mistaken for the server behind it.
    @Test(
        arguments: [
            ("http://me:secret@127.0.0.1:1", .proxy("127.0.0.1:1")),
            ("socks5://me:secret@127.0.0.1:1", .proxy("127.0.0.1:1")),
            ("http://me:secret@nowhere.invalid:3128", .proxy("nowhere.invalid:3128")), ("gopher://x", .proxyUnusable),
        ] as [(String, Unreachable)])
    func aProxyThatCannotBeReachedIsNamed(proxy: String, why: Unreachable) async throws {
        let address = try ServerAddress("https://mesh.test")
        await #expect(throws: APIFailure.unreachable(why)) { try await preview(address, ["HTTPS_PROXY": proxy]) }
    }

    @Test func plainHTTPToATLSPortIsNoAnswerOfOurs() async throws {
        try await ScriptedServer.run(tls: true) { _ in
            .json(Self.preview)
        } _: { server in
            let address = try ServerAddress("http://127.0.0.1:\(server.port)")
            await #expect(throws: APIFailure.unreachable(.connectionLost)) { try await preview(address, [:]) }
        }
    }

    @Test func httpsGoesThroughTheProxyWithItsPassword() async throws {
        let directory = try TemporaryDirectory()
        let file = try TestCertificate.file(in: directory)
        try await ScriptedServer.run(tls: true) { _ in
            .json(Self.preview)
        } _: { server in
            try await TunnelProxy.run(to: server.port) { proxy in
                let answer = try await preview(
                    try ServerAddress("https://mesh.test:8443"),
                    ["SSL_CERT_FILE": file, "HTTPS_PROXY": "http://me:p%40ss@\(proxy.address)/"])
                #expect(answer.meshName == "a")
                #expect(proxy.heads.count == 1)
                #expect(proxy.heads[0].hasPrefix("CONNECT mesh.test:8443 HTTP/1.1\r\n"))
                #expect(proxy.heads[0].lowercased().contains("proxy-authorization: basic bwu6cebzcw=="), "me:p@ss")
                #expect(server.received[0].headers["host"] == "mesh.test:8443")
            }
        }
    }

    /// A proxy that hangs up, or answers something that no proxy does.
    @Test(arguments: ["", "junk\r\n\r\n", "SSH-2.0-x\r\n"])
    func aProxyThatIsNoneIsNamed(answer: String) async throws {
        try await ScriptedServer.run { _ in
            .raw(answer)
        } _: { proxy in
            let address = try ServerAddress("https://mesh.test")
            await #expect(throws: APIFailure.unreachable(.proxy("127.0.0.1:\(proxy.port)"))) {
                try await preview(address, ["HTTPS_PROXY": "http://me:secret@127.0.0.1:\(proxy.port)"])
            }
        }
    }

    /// It is there: nothing is wrong with HTTPS_PROXY.
    @Test(arguments: [403, 405, 502, 504]) func aProxyThatOpensNoWayIsToldFromOneThatIsAway(status: Int) async throws {
        try await ScriptedServer.run { _ in
            .reply(status, "")
        } _: { proxy in
            let address = try ServerAddress("https://[2001:db8::1]:8443")
            let name = "127.0.0.1:\(proxy.port)"
            let why = status < 500 ? Unreachable.proxyRefused(name) : .proxyFailed(name)
            await #expect(throws: APIFailure.unreachable(why)) {
                try await preview(address, ["HTTPS_PROXY": "http://me:p%40ss@\(name)"])
            }
            let asked = proxy.received.map { [$0.method, $0.path, $0.headers["proxy-authorization"]] }
            #expect(asked.last == ["CONNECT", "[2001:db8::1]:8443", "Basic bWU6cEBzcw=="])
        }
    }

    @Test func aProxyThatWantsAPasswordIsToldFromOneThatIsAway() async throws {
        try await ScriptedServer.run { _ in
            .reply(407, "")
        } _: { proxy in
            let address = try ServerAddress("https://mesh.test")
            await #expect(throws: APIFailure.unreachable(.proxyPassword("127.0.0.1:\(proxy.port)"))) {
                try await preview(address, ["https_proxy": "me:secret@127.0.0.1:\(proxy.port)"])
            }
            #expect(proxy.received.first?.method == "CONNECT")
        }
    }

    @Test(
        arguments: [
            ("https://a.example", [:], .direct),
            ("https://a.example", ["HTTPS_PROXY": ""], .direct),
            ("https://a.example", ["HTTPS_PROXY": "p:1"], .http(host: "p", port: 1, authorization: nil)),
            ("https://a.example", ["HTTPS_PROXY": "p"], .http(host: "p", port: 1080, authorization: nil)),
            ("https://a.example", ["HTTPS_PROXY": "http://p:80"], .http(host: "p", port: 80, authorization: nil)),
            (
                "https://a.example", ["https_proxy": "l:1", "HTTPS_PROXY": "u:2"],
                .http(host: "l", port: 1, authorization: nil)
            ),
            ("https://a.example", ["https_proxy": "", "HTTPS_PROXY": "u:2"], .direct),
            (
                "https://a.example", ["HTTPS_PROXY": "http://u:p@[::1]:3128/"],
                .http(host: "::1", port: 3128, authorization: "u:p")
            ),
            ("https://a.example", ["HTTPS_PROXY": "socks5://p:9"], .socks(host: "p", port: 9)),
            ("https://a.example", ["HTTPS_PROXY": "https://p:9"], .unusable),
            ("https://a.example", ["HTTPS_PROXY": "http://:bad:"], .unusable),
            ("http://localhost:7420", ["HTTPS_PROXY": "p:1"], .direct),
            ("https://a.example", ["HTTPS_PROXY": "p:1", "NO_PROXY": "*"], .direct),
            ("https://a.example", ["HTTPS_PROXY": "p:1", "NO_PROXY": "b.example, A.EXAMPLE"], .direct),
            ("https://x.a.example", ["HTTPS_PROXY": "p:1", "NO_PROXY": "a.example"], .direct),
            ("https://x.a.example", ["HTTPS_PROXY": "p:1", "no_proxy": ".a.example"], .direct),
            (
                "https://xa.example", ["HTTPS_PROXY": "p:1", "NO_PROXY": "a.example"],
                .http(host: "p", port: 1, authorization: nil)
            ),
            ("https://a.example:8443", ["HTTPS_PROXY": "p:1", "NO_PROXY": "a.example:8443"], .direct),
            (
                "https://a.example", ["HTTPS_PROXY": "p:1", "NO_PROXY": "a.example:8443"],
                .http(host: "p", port: 1, authorization: nil)
            ),
            ("https://[::1]", ["HTTPS_PROXY": "p:1", "NO_PROXY": "::1"], .direct),
            ("https://[::1]", ["HTTPS_PROXY": "p:1", "NO_PROXY": "[::1]:443"], .direct),
            ("https://[::1]", ["HTTPS_PROXY": "p:1", "NO_PROXY": "0:0:0:0:0:0:0:1"], .direct),
            ("https://127.0.0.5", ["HTTPS_PROXY": "p:1", "NO_PROXY": "127.0.0.0/8"], .direct),
            ("https://[fd12::1]", ["HTTPS_PROXY": "p:1", "NO_PROXY": "fd00::/8"], .direct),
            (
                "https://128.0.0.5", ["HTTPS_PROXY": "p:1", "NO_PROXY": "127.0.0.0/8,a/8,/8"],
                .http(host: "p", port: 1, authorization: nil)
            ),
            ("https://a.example.", ["HTTPS_PROXY": "p:1", "NO_PROXY": "a.example"], .direct),
            ("https://x.a.example", ["HTTPS_PROXY": "p:1", "NO_PROXY": "a.example."], .direct),
            (
                "https://a.example", ["HTTPS_PROXY": "p:1", "NO_PROXY": ",, "],
                .http(host: "p", port: 1, authorization: nil)
            ),
        ] as [(String, [String: String], ProxyChoice)])
    func theEnvironmentChoosesTheProxy(server: String, environment: [String: String], choice: ProxyChoice) throws {
        #expect(ProxyChoice(for: try ServerAddress(server), environment: environment) == choice)
    }

    @Test func aProxyThatCannotBeUsedIsNamedAndNotBypassed() async throws {
        let address = try ServerAddress("https://claudemesh.invalid")
        await #expect(throws: APIFailure.unreachable(.proxyUnusable)) {
            try await preview(address, ["HTTPS_PROXY": "https://p:9"])
        }
    }
}
