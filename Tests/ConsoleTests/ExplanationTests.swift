// From any error to words, a code for programs and an exit code.

import ConsoleSupport
import LocalState
import Localization
import MeshAPI
import Testing

@testable import Console

@Suite struct ExplanationTests {
    private static func context(_ language: Language = .en) -> Context { .testing(["CLAUDEMESH_LANG": "\(language)"]) }

    private static func explained(
        _ failure: APIFailure, _ language: Language = .en, origin: TokenOrigin? = nil
    ) -> Explanation {
        .of(Failure.api(failure, host: "mesh.example.com", origin: origin), context: context(language))
    }

    @Test(arguments: [
        (400, ExitCode.input), (413, .input), (415, .input), (422, .input), (401, .unauthenticated),
        (403, .notPermitted), (404, .notFound), (410, .notFound), (409, .exists), (429, .unreachable),
        (418, .unreachable), (500, .unreachable), (503, .unreachable),
    ])
    func aStatusIsAnExitCode(_ status: Int, _ exit: ExitCode) {
        let said = Self.explained(.refused(status: status, body: nil, retryAfter: nil))
        #expect(said.exit == exit)
        #expect(!said.message.contains("{") && said.remedy?.contains("{") != true, "\(said)")
    }

    static let unreachable: [Unreachable] = [
        .nameNotResolved, .refused, .noAnswer(seconds: 7), .connectionLost, .untrustedCertificate, .webPage, .malformed,
        .tooLarge, .redirected, .insecure, .proxy("proxy:3128"), .proxyPassword("proxy:3128"),
        .proxyRefused("proxy:3128"), .proxyFailed("proxy:3128"), .proxyUnusable,
        .certificates("/etc/ca.pem"), .other("no route"),
    ]

    @Test(arguments: unreachable, Language.allCases)
    func whoeverIsNotReachedIsNamedWithARemedy(_ why: Unreachable, _ language: Language) throws {
        let said = Self.explained(.unreachable(why), language)
        #expect(said.exit == .unreachable && said.code == "unreachable")
        #expect(!said.message.contains("{"), "\(said)")
        #expect(try !#require(said.remedy).contains("{"))
        let names = ["mesh.example.com", "proxy:3128", "HTTPS_PROXY", "/etc/ca.pem"]
        #expect(names.contains { said.message.contains($0) }, "\(said)")
    }

    /// Whoever gave the token is told which one it is; a sign-in that ended is not blamed on a flag.
    @Test func aTokenThatIsRefusedIsNamedByWhereItStands() {
        let refused = APIFailure.refused(status: 401, body: nil, retryAfter: nil)
        #expect(Self.explained(refused, origin: .flag).remedy?.contains("--token") == true)
        #expect(Self.explained(refused, origin: .environment).remedy?.contains("CLAUDEMESH_TOKEN") == true)
        #expect(Self.explained(refused, origin: .file).code == "authentication_failed")
    }

    @Test func aWaitIsSaidWhereTheServerSaysIt() {
        #expect(Self.explained(.refused(status: 429, body: nil, retryAfter: 9)).remedy?.contains("9") == true)
        #expect(Self.explained(.refused(status: 429, body: nil, retryAfter: nil)).code == "rate_limited")
    }

    /// Nothing of what an unknown error holds is shown: it may be a secret.
    @Test func anErrorThatNobodyKnowsIsAFaultOfItsType() {
        struct Odd: Error { var token = "cm_pat_secret" }
        let said = Explanation.of(Odd(), context: Self.context())
        #expect(said.exit == .fault && said.message.contains("Odd"))
        #expect(!"\(said)".contains("cm_pat_secret"))
    }

    @Test func itsJSONIsOneLineWithoutControls() {
        let said = Explanation(code: "odd", message: "a\u{202E}b\n", remedy: "do \u{1B}[31m", exit: .input)
        #expect(!said.json.contains("\n") && !said.json.contains("\u{1B}") && !said.json.contains("\u{202E}"))
        #expect(said.json.hasPrefix(#"{"error":{"code":"odd","#))
    }
}
