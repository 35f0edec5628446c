// `claudemesh mcp`: between Claude Code's standard streams and the daemon. Claude Code never restarts it, so it lives as long
// as the session does, and finds the daemon again when that was restarted.

internal import Platform
internal import Synchronization

package final class Bridge: Sendable {
    private let server: MCPServer
    private let line: DaemonLine
    private let inbox: AgentInbox?
    /// Starts a daemon, or tells the one there is of this session again.
    private let revive: @Sendable () async -> Void
    private let calls = Mutex<[RequestID: Task<Void, Never>]>([:])
    private let output = Mutex(())
    private let posted = Mutex<[ClaimMark]>([])
    /// Whether Claude Code opens dialogs for us; nil until it has said so.
    private let asks = Mutex<Bool?>(nil)
    /// Claude Code's own file of this session.
    private let registry: String?

    package init(
        server: MCPServer, line: DaemonLine, inbox: AgentInbox?, environment: [String: String] = [:],
        revive: @escaping @Sendable () async -> Void
    ) {
        self.server = server
        self.line = line
        self.inbox = inbox
        self.revive = revive
        registry = AgentFiles.registry(environment: environment, agent: ProcessTree.parent)
    }

    /// Until Claude Code is gone: its end of the stream closes, or it is our parent no more.
    package func run() async {
        let parent = ProcessTree.parent
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                for await line in LineStreams.input { self.receive(line) }
            }
            tasks.addTask {
                while !Task.isCancelled, ProcessTree.parent == parent { try? await Task.sleep(for: .seconds(2)) }
            }
            tasks.addTask { await self.carryTexts() }
            await tasks.next()
            tasks.cancelAll()
        }
    }

    private func receive(_ bytes: [UInt8]) {
        for action in server.receive(bytes) {
            switch action {
            case .answer(let text): write(text)
            case .hook(let id, let event):
                Task { write(MCPServer.result(of: id, text: await line.hook(event))) }
            case .call(let id, _):
                let call = Task {
                    let answer = await tool(bytes)
                    guard !Task.isCancelled else { return }
                    calls.withLock { _ = $0.removeValue(forKey: id) }
                    write(MCPServer.result(of: id, text: answer.text, isError: answer.isError))
                }
                calls.withLock { $0[id] = call }
            case .greeted(let asks): self.asks.withLock { $0 = asks }
            case .answered(let answer): Task { await pass(answer) }
            case .cancel(let id): calls.withLock { $0.removeValue(forKey: id) }?.cancel()
            }
        }
    }

    private func tool(_ bytes: [UInt8]) async -> ToolAnswer {
        for _ in 0..<2 {
            if let answer = await line.tool(bytes) { return answer }
            guard !Task.isCancelled else { break }
            await revive()
        }
        return ToolAnswer(
            "The mesh can't be reached from here now. Go on without it, and try again later.", isError: true)
    }

    /// A daemon that was restarted meanwhile takes it as soon as it knows this process again.
    private func pass(_ answer: FirstWordAnswer) async {
        for _ in 0..<20 {
            if await line.answer(answer) { return }
            await revive()
            guard (try? await Task.sleep(for: .seconds(1))) != nil else { return }
        }
    }

    /// Asks the daemon for what is to go into Claude Code's inbox, and writes each text there once.
    private func carryTexts() async {
        var pause = 0.2
        for _ in 0..<100 where asks.withLock({ $0 == nil }) { try? await Task.sleep(for: .milliseconds(20)) }
        while !Task.isCancelled {
            let request = LaneRequest(
                pid: ProcessIdentity.own.pid, hasInbox: inbox != nil, asks: asks.withLock { $0 }, registry: registry,
                posted: posted.withLock { $0 })
            switch await line.lane(request) {
            case .answer(let answer):
                pause = 0.2
                guard !answer.isOver else { return await forever() }
                for text in answer.texts { post(text) }
                if let summons = answer.summons { _ = inbox?.post(summons) }
                if let question = answer.question { write(Elicitation.request(question)) }
            case .unknown, .gone:
                guard !Task.isCancelled else { return }
                await revive()
                try? await Task.sleep(for: .seconds(pause))
                pause = min(5, pause * 2)
            }
        }
    }

    private func forever() async {
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    }

    private func post(_ text: LaneAnswer.Text) {
        guard posted.withLock({ !$0.contains(text.mark) }) else { return }
        // Noted first: whether a broken write arrived nobody knows, and none may arrive twice.
        posted.withLock { $0 = ($0 + [text.mark]).suffix(200) }
        _ = inbox?.post(text.content)
    }

    private func write(_ text: String) { output.withLock { _ in LineStreams.write(text) } }
}
