// What every request brings along: anonymous. What is known beyond that is another type (`BearerContext`, `WebContext`),
// so that a route that needs an account cannot be built without one.

internal import Hummingbird
internal import Logging
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import NIOCore

/// What all contexts share: JSON as the wire has it, and bodies that are bounded.
protocol WireContext: RequestContext where Decoder == WireDecoder, Encoder == WireEncoder {}

extension WireContext {
    var maxUploadSize: Int { BodyLimit.bytes }
    var requestDecoder: WireDecoder { WireDecoder() }
    var responseEncoder: WireEncoder { WireEncoder() }
}

/// A request from anybody. The middlewares of a route's group fill in what they found out.
struct AppContext: WireContext {
    var coreContext: CoreRequestContextStorage
    /// The address of the peer; behind a trusted proxy, that of the proxy's client.
    var address: String
    /// The connection.
    let channel: any Channel
    /// The bearer of a token, once `BearerAuthenticator` accepted it.
    @Apart var bearer: Bearer?
    /// Who may look at a mesh, once `ReaderAuthenticator` accepted them.
    @Apart var reader: Reader?
    /// Who looks at a page, once `PageVisitor` looked at the cookies.
    @Apart var visitor: Visitor?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? "unknown"
        channel = source.channel
    }
}

extension AppContext {
    /// The code of an invite in the path, in its one spelling; nil where it is none.
    var inviteCode: String? {
        get throws { InviteReference.code(in: PercentCoding.decode(try parameters.require("code"))) }
    }
}

/// A value that most requests do not have, kept apart: each of the frames of the middlewares holds a copy of the context,
/// and every connection that waits holds all of them.
@propertyWrapper
struct Apart<Value: Sendable>: Sendable {
    private final class Box: Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    private var box: Box?

    var wrappedValue: Value? {
        get { box?.value }
        set { box = newValue.map(Box.init) }
    }
}

/// A request with a token that is good.
struct BearerContext: WireContext, ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String
    let bearer: Bearer

    init(context: AppContext) throws {
        guard let bearer = context.bearer else { throw Refusal.unauthorized(.missing) }
        coreContext = context.coreContext
        address = context.address
        self.bearer = bearer
    }
}

/// A page's request by somebody who is signed in in this browser.
struct WebContext: WireContext, ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String
    let channel: any Channel
    let visitor: Visitor
    let session: WebSessionRow

    init(context: AppContext) throws {
        guard let visitor = context.visitor else { throw Refusal.fault }
        guard let session = visitor.session else { throw Redirect(path: visitor.signInPath) }
        coreContext = context.coreContext
        address = context.address
        channel = context.channel
        self.visitor = visitor
        self.session = session
    }
}
