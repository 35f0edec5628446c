// How a session's own processes speak with the daemon.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshClient

/// The daemon, as one session or its launcher sees it. What is not answered is not there.
package struct DaemonLine: Sendable {
    private let client: SocketClient

    /// - Parameter token: the session's; nil for the person.
    package init(place: DaemonPlace, token: String?) { self.init(socket: place.socket, token: token) }

    package init(socket: String, token: String?) { client = SocketClient(path: socket, token: token) }

    package func version() async -> DaemonVersion? { await get("/v1/version", .seconds(2)) }

    package func sessions() async -> CarriedSessions? { await wire("/v1/sessions", .seconds(5)) }

    /// The session that asks: by its token, without one by its processes. nil outside of one.
    package func me() async -> CarriedSession? { await wire("/v1/sessions/me", .seconds(2)) }

    /// Whether it carries the session now.
    package func register(_ facts: SessionFacts) async -> Bool {
        await (try? client.send("POST", "/v1/sessions", body: Self.body(facts), within: .seconds(5)))?.status == 200
    }

    /// The launcher's own, for as long as it lives: the daemon sees by its connection that it is gone.
    package func live() async {
        while !Task.isCancelled {
            _ = try? await client.send("GET", "/v1/sessions/me/life", within: .seconds(86_400))
            try? await Task.sleep(for: .seconds(5))
        }
    }

    /// Whether the daemon is there and knows nothing of this session.
    package func isUnknown() async -> Bool {
        (try? await client.send("GET", "/v1/sessions/me", within: .seconds(2)))?.status == 401
    }

    package func end(_ session: String) async {
        _ = try? await client.send("DELETE", "/v1/sessions/\(session)", within: .seconds(8))
    }

    package enum Lane: Sendable {
        case answer(LaneAnswer)
        /// The daemon does not know this session.
        case unknown
        case gone
    }

    package func lane(_ request: LaneRequest) async -> Lane {
        guard let reply = try? await client.send("POST", "/v1/lane", body: Self.body(request), within: .seconds(40))
        else { return .gone }
        if reply.status == 401 { return .unknown }
        guard reply.status == 200, let answer = RPCLine.read(LaneAnswer.self, reply.body) else { return .gone }
        return .answer(answer)
    }

    /// - Parameter line: the call as Claude Code wrote it.
    package func tool(_ line: [UInt8]) async -> ToolAnswer? {
        guard let reply = try? await client.send("POST", "/v1/tool", body: Data(line), within: .seconds(90)),
            reply.status == 200
        else { return nil }
        return RPCLine.read(ToolAnswer.self, reply.body)
    }

    /// What the person chose in the dialog. False where the daemon did not take it.
    package func answer(_ answer: FirstWordAnswer) async -> Bool {
        (try? await client.send("POST", "/v1/answer", body: Self.body(answer), within: .seconds(15)))?.status == 204
    }

    /// How long a message to itself takes; nil where the daemon does not say it.
    package func probe(_ request: ProbeRequest) async -> ProbeAnswer? {
        guard let reply = try? await client.send("POST", "/v1/probe", body: Self.body(request), within: .seconds(90)),
            reply.status == 200
        else { return nil }
        return RPCLine.read(ProbeAnswer.self, reply.body)
    }

    /// What Claude Code is answered: `{}` where the daemon does not say it in time.
    package func hook(_ event: HookEvent) async -> String {
        guard
            let reply = try? await client.send(
                "POST", "/v1/hook", body: Self.body(event), within: .milliseconds(200)),
            reply.status == 200
        else { return "{}" }
        return String(decoding: reply.body, as: UTF8.self)
    }

    private func get<Value: Decodable>(_ path: String, _ limit: Duration) async -> Value? {
        guard let reply = try? await client.send("GET", path, within: limit), reply.status == 200 else { return nil }
        return RPCLine.read(Value.self, reply.body)
    }

    private func wire<Value: Decodable>(_ path: String, _ limit: Duration) async -> Value? {
        guard let reply = try? await client.send("GET", path, within: limit), reply.status == 200 else { return nil }
        return try? WireJSON.decode(Value.self, from: reply.body)
    }

    private static func body(_ value: some Encodable) -> Data { Data(RPCLine.of(value).utf8) }
}
