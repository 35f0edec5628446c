// Server addresses, and what is settled on from flags, variables and files. Tables.

import FoundationEssentials
import MeshAPI
import Testing

@testable import LocalState

struct AddressTests {
    @Test(arguments: [
        ("https://claudemesh.com", "https://claudemesh.com", "claudemesh.com"),
        (" HTTPS://ClaudeMesh.COM:443/ ", "https://claudemesh.com", "claudemesh.com"),
        ("claudemesh.com", "https://claudemesh.com", "claudemesh.com"),
        ("mesh.example:8443", "https://mesh.example:8443", "mesh.example:8443"),
        ("localhost:7420", "http://localhost:7420", "localhost:7420"),
        ("127.0.0.1", "http://127.0.0.1", "127.0.0.1"),
        ("http://localhost:80", "http://localhost", "localhost"),
        ("https://localhost:80", "https://localhost:80", "localhost:80"),
        ("[::1]:7420", "http://[::1]:7420", "[::1]:7420"),
        ("https://[2001:DB8::1]", "https://[2001:db8::1]", "[2001:db8::1]"),
    ])
    func anAddressHasOneForm(text: String, form: String, authority: String) throws {
        let address = try ServerAddress(text)
        #expect(address.description == form && address.authority == authority)
        #expect(try ServerAddress(form) == address)
    }

    @Test(
        arguments: [
            ("", .empty), ("  ", .empty), ("ftp://a", .scheme("ftp")), ("javascript://a", .scheme("javascript")),
            ("https://", .host), ("https://a b", .host), ("https://ñ.example", .host), ("https://a..b\u{202e}", .host),
            ("https://-a", .host), ("https://.a", .host), ("https://[::1", .host), ("https://[zz]", .host),
            ("https://[]", .host),
            ("https://a:0", .port), ("https://a:65536", .port), ("https://a:x", .port), ("https://a:1:2", .port),
            ("https://a:", .port),
            ("https://a:+1", .port), ("https://u:p@a", .userInfo), ("https://a/b", .path), ("https://a?b", .path),
            ("https://a#b", .path), ("https://a//", .path), ("https://a\\b", .path), ("a\nb", .host), ("a\0", .host),
        ] as [(String, ServerAddressProblem)])
    func whatIsNoneSaysWhy(text: String, problem: ServerAddressProblem) {
        #expect(throws: problem) { try ServerAddress(text) }
    }

    @Test(arguments: [
        ("http://localhost:1", true), ("http://127.0.0.1", true), ("http://127.255.0.3", true), ("http://[::1]", true),
        ("https://a.example", true), ("http://a.example", false), ("http://127.0.0.1.a.example", false),
        ("http://127.1", false),
        ("http://127.0.0.256", false), ("http://localhost.a.example", false), ("http://10.0.0.1", false),
        ("http://[::2]", false),
        ("http://2130706433", false), ("http://0x7f.0.0.1", false), ("http://0.0.0.0", false),
    ])
    func secretsGoToHTTPSAndLoopbackAlone(text: String, takes: Bool) throws {
        #expect(try ServerAddress(text).takesSecrets == takes)
    }

    @Test(arguments: [
        ("https://a.example", "https://a.example/cli-auth?code=X", true),
        ("https://a.example", "HTTPS://A.EXAMPLE/C/X", true),
        ("https://a.example", "https://a.example:443/c", true),
        ("https://a.example", "https://a.example", true),
        ("https://a.example", "http://a.example/c", false),
        ("https://a.example", "https://b.example/c", false),
        ("https://a.example", "https://a.example.evil.test/c", false),
        ("https://a.example", "https://a.example@evil.test/c", false),
        ("https://a.example", "https://evil.test/https://a.example", false),
        ("https://a.example", "https://a.example\\@evil.test/", false),
        ("https://a.example", "https://a.example/\u{1b}]0;x", false),
        ("https://a.example", "javascript:alert(1)", false),
        ("https://a.example", "", false),
        ("http://127.0.0.1:7420", "http://localhost:7420/c", true),
        ("http://127.0.0.1:7420", "http://localhost:7421/c", false),
        ("http://127.0.0.1:7420", "https://localhost:7420/c", false),
    ])
    func anAddressIsOnItsServerOrNot(server: String, url: String, owns: Bool) throws {
        #expect(try ServerAddress(server).owns(url) == owns)
    }

    @Test(
        arguments: [
            (nil, false, nil, nil, .remote(.standard), .standard),
            (nil, false, "", nil, .remote(.standard), .standard),
            (nil, false, nil, "a.example", .remote(a), .config),
            (nil, false, "b.example", "a.example", .remote(b), .environment),
            ("a.example", false, "b.example", "local", .remote(a), .flag),
            (nil, true, "b.example", "a.example", .local, .flag),
            (nil, false, nil, "local", .local, .config),
            ("local", false, nil, nil, .local, .flag),
            (nil, false, "local", nil, .remote(hostNamedLocal), .environment),
            ("http://127.0.0.1:7999", false, nil, nil, .local, .flag),
            ("http://localhost:7999", false, nil, nil, .local, .flag),
            (nil, false, "localhost:7999", nil, .local, .environment),
            ("http://localhost:7998", false, nil, nil, .remote(otherPort), .flag),
        ] as [(String?, Bool, String?, String?, ServerChoice.Kind, ServerOrigin)])
    func theServerIsTheFirstThatIsNamed(
        flag: String?, local: Bool, variable: String?, config: String?, kind: ServerChoice.Kind, origin: ServerOrigin
    ) throws {
        let choice = try ServerChoice.resolve(
            flag: flag, local: local, environment: variable.map { ["CLAUDEMESH_API_URL": $0] } ?? [:], config: config,
            localAddress: try ServerAddress("http://127.0.0.1:7999"))
        #expect(choice == ServerChoice(kind: kind, origin: origin))
    }

    static let a = ServerAddress(isSecure: true, host: "a.example", port: nil)
    static let b = ServerAddress(isSecure: true, host: "b.example", port: nil)
    static let hostNamedLocal = ServerAddress(isSecure: true, host: "local", port: nil)
    static let otherPort = ServerAddress(isSecure: false, host: "localhost", port: 7998)

    /// `config.json` may be gone or damaged; the sign-in still says where one is.
    @Test(arguments: [(nil, b, .signIn), ("a.example", a, .config)] as [(String?, ServerAddress, ServerOrigin)])
    func whereOneIsSignedInIsTheServerUnlessAnotherIsNamed(
        config: String?, address: ServerAddress, origin: ServerOrigin
    ) throws {
        let choice = try ServerChoice.resolve(
            flag: nil, local: false, environment: [:], config: config, signedInTo: Self.b, localAddress: nil)
        #expect(choice == ServerChoice(kind: .remote(address), origin: origin))
    }

    @Test func aServerThatCannotBeOneIsNamedWithItsSource() {
        #expect(throws: ServerChoiceProblem(origin: .environment, text: "ftp://x", problem: .scheme("ftp"))) {
            try ServerChoice.resolve(
                flag: nil, local: false, environment: ["CLAUDEMESH_API_URL": "ftp://x"], config: nil, localAddress: nil)
        }
    }

    @Test(arguments: [
        ("https://mesh.example.com/login?next=/x", "https://mesh.example.com"),
        ("mesh.example.com/login?next=https://other.example/", "https://mesh.example.com"),
        (" http://127.0.0.1:7420#top ", "http://127.0.0.1:7420"), ("mesh.example.com", "https://mesh.example.com"),
    ])
    func ofAPageTheServerIsTaken(_ text: String, _ server: String) throws {
        #expect(try ServerAddress(ofPage: text).description == server)
    }
}
