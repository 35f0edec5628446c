// Pages from assets/web/*.mustache, all inside `layout`. Every value is escaped by the template. To add a page: its
// template (and line in CAssets), its texts, and a handler that calls `render`.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import Mustache
internal import NIOCore
internal import Text

struct PageRenderer: Sendable {
    private let library: MustacheLibrary
    private let texts: [Language: Strings]
    /// Every text by its key, for the templates.
    private let plainTexts: [Language: [String: String]]
    private let files: [String: Data]

    /// Throws where a template is damaged.
    init(assets: Assets = .embedded) throws {
        var library = MustacheLibrary()
        for name in assets.names(under: "web/") where name.hasSuffix(".mustache") {
            try library.register(assets.text(name) ?? "", named: String(name.dropFirst(4).dropLast(9)))
        }
        self.library = library
        let texts = Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0, Strings($0)) })
        self.texts = texts
        plainTexts = texts.mapValues { strings in
            Dictionary(uniqueKeysWithValues: PageText.allCases.map { ($0.rawValue, strings[$0]) })
        }
        files = Dictionary(
            uniqueKeysWithValues: ["style.css", "copy.js", "live.js", "icon.svg"].map {
                ($0, assets.bytes("web/\($0)") ?? Data())
            }
        )
    }

    func texts(_ language: Language) -> Strings {
        texts[language] ?? Strings(language)
    }

    /// A page. `values` are the template's own; `title` is its heading too.
    func render(
        _ template: String, title: String, values: [String: Any] = [:], request: Request, visitor: Visitor?,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let language = visitor?.language ?? PageLanguage.of(request)
        // An empty text is nothing, but a section of Mustache would take it for something.
        var all = values.filter { ($0.value as? String) != "" }
        all["t"] = plainTexts[language]
        all["lang"] = language.rawValue
        all["title"] = InertText.visible(title)
        all["style"] = link("style.css")
        all["copy"] = link("copy.js")
        all["icon"] = link("icon.svg")
        all["on_\(template)"] = true
        all["csrf_token"] = visitor?.formToken ?? ""
        if let account = visitor?.session?.account {
            all["account"] = ["name": InertText.visible(account.name), "email": account.email ?? ""]
        }
        all["languages"] = Language.allCases.filter { $0 != language }.map {
            ["code": $0.rawValue, "name": $0.ownName, "href": Self.path(of: request, in: $0, next: values["next"])]
        }
        guard let html = library.render(all, withTemplate: template) else { throw Refusal.fault }
        return Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .contentLanguage: language.rawValue],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    /// A page that says one thing.
    func message(
        title: PageText, text: PageText, isGood: Bool = false, goesOn: Bool = false, request: Request,
        visitor: Visitor?, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let texts = texts(visitor?.language ?? PageLanguage.of(request))
        return try render(
            "message", title: texts[title], values: ["text": texts[text], "good": isGood, "back": goesOn],
            request: request, visitor: visitor, status: status)
    }

    /// An error as a page, to whom it is known to be shown.
    func refusal(_ given: HTTPRefusal, request: Request, visitor: Visitor?) throws -> Response {
        let refusal = given.refusal
        let text: PageText =
            switch (refusal.status.rawValue, refusal.body.error) {
            case (_, "code_unusable"): .codeUnusable
            case (_, "invite_expired"): .inviteExpired
            case (_, "invite_revoked"): .inviteRevoked
            case (_, "invite_exhausted"): .inviteExhausted
            case (404, _) where request.uri.path.lowercased().hasPrefix("/i/"): .inviteUnknown
            case (404, _), (405, _), (410, _): .errorNotFound
            case (403, _): .errorForm
            case (421, _): .errorHost
            case (429, _): .errorTooMany
            case (503, "storage_unavailable"): .errorOther
            case (503, _): .errorBusy
            case (400..<500, _): refusal.body.field == nil ? .errorRequest : .errorField
            default: .errorOther
            }
        let texts = texts(visitor?.language ?? PageLanguage.of(request))
        return given.dressed(
            try render(
                "message", title: texts[PageText.errorTitle],
                values: ["text": texts(text, ["field": refusal.body.field ?? ""]), "back": true], request: request,
                visitor: visitor, status: given.status))
    }

    /// The stylesheet, the script, the icon: cached for long, since their links change with them.
    func fileAnswer(_ name: String, type: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "\(type); charset=utf-8", .cacheControl: "public, max-age=31536000, immutable"],
            body: .init(byteBuffer: ByteBuffer(bytes: files[name] ?? Data())))
    }

    /// Where such a file is: the address changes with it.
    func link(_ name: String) -> String {
        let text = String(decoding: files[name] ?? Data(), as: UTF8.self)
        return "/\(name)?\(SecretDigest.of(text).prefix(12))"
    }

    /// The same page in another language: of a form that was sent, the form, which goes on to where this one would.
    private static func path(of request: Request, in language: Language, next: Any?) -> String {
        var kept = (next as? String).map { ["next=\(PercentCoding.encode($0))"] } ?? []
        if request.method != .post {
            kept = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("lang=") }.map(String.init)
        }
        let page = OwnPath.page(of: request)
        return page + (page.contains("?") ? "&" : "?") + (kept + ["lang=\(language.rawValue)"]).joined(separator: "&")
    }
}
