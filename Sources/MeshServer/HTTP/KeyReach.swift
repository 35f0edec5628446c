// What a mesh key reaches, by any of which of its abilities. Whatever else there is in its mesh is refused with 403, and all
// outside of it with 401. To open a route to keys: a line in `routes`, and what a key sees there in the service behind it.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

enum KeyReach {
    private static let routes: [(Route, Set<Ability>)] = [
        (Routes.sendMessage, [.send, .topics]), (Routes.listMessages, [.send, .read]),
        (Routes.message, [.send, .read]), (Routes.withdrawMessage, [.send, .topics]),
        (Routes.reportReceipts, [.send]), (Routes.events, [.send, .read]), (Routes.createTopic, [.topics]),
    ]

    private static let table = Dictionary(
        uniqueKeysWithValues: routes.map { (name($0.method.rawValue, $0.pattern), $1) })

    /// Throws 403, 401.
    static func check(_ key: MeshKeyRow, _ request: Request, _ context: AppContext) throws {
        let method = request.method == .head ? HTTPRequest.Method.get.rawValue : request.method.rawValue
        let asked = name(method, context.endpointPath ?? "")
        if asked == name(Routes.whoami.method.rawValue, Routes.whoami.pattern) { return }
        guard let abilities = table[asked], context.parameters.get("id") == key.meshID,
            !abilities.isDisjoint(with: key.can)
        else { throw refusal(key, context) }
    }

    /// Where no key reaches.
    static func refusal(_ key: MeshKeyRow, _ context: AppContext) -> Refusal {
        let isInside =
            context.endpointPath?.hasPrefix("/api/my/meshes/") == true && context.parameters.get("id") == key.meshID
        return isInside ? key.refusal : .keyElsewhere
    }

    /// Parameters are called otherwise on either side.
    private static func name(_ method: String, _ pattern: String) -> String {
        method
            + pattern.split(separator: "/").map { $0.hasPrefix("{") || $0.hasPrefix(":") ? "/*" : "/\($0)" }.joined()
    }
}

/// `Bearer cm_key_…`.
enum MeshKeyToken {
    /// nil where the request carries none of that form.
    static func of(_ request: Request) -> String? {
        let parts = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].hasPrefix(TokenForm.Kind.key.prefix) else {
            return nil
        }
        return String(parts[1])
    }
}
