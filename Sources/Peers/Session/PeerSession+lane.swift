// What goes into Claude Code's own inbox: the session's tools, which are its child, ask for it here and write it there.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore
internal import Platform

extension PeerSession {
    private static let wait = Duration.seconds(25)

    /// Held until there is a text for the inbox. What was given and not written yet is given again: whoever asks knows its
    /// mark, and writes none twice.
    package func lane(_ request: LaneRequest) async -> LaneAnswer {
        if laneHolder != request.pid {
            // A Claude Code that was started within this session has its tools alone.
            let depth = ProcessTree.depth(of: request.pid, below: facts.owner.pid) ?? .max
            if let holder = laneHolder, ProcessTree.lives(holder), depth > holderDepth {
                return LaneAnswer(texts: [], isOver: true)
            }
            laneHolder = request.pid
            holderDepth = depth
            // Claude Code has just started: it waits for its person.
            if lanes.activity == .unknown { lanes.isIdle(at: world.now()) }
            posted = []
            lanes.session.writer = request.pid
            lanes.session.agent = ProcessTree.ancestors(of: request.pid).first
            await recognizeDelivered()
            outgoing.happened()
        }
        asksInDialogs = request.asks == true
        registry = request.registry
        posted.formUnion(request.posted)
        lanes.session.hasInbox = request.hasInbox
        let end = ContinuousClock.now + Self.wait
        while !Task.isCancelled, laneHolder == request.pid {
            if case .over = link, !isSignedOut { return LaneAnswer(texts: [], isOver: true) }
            let (now, count) = (world.now(), changes.count)
            let effects = pump(at: now)
            let summons = effects.contains(.summon) ? summons(at: now) : nil
            await keep(effects)
            let (texts, question) = (unwritten, takeQuestion())
            guard texts.isEmpty, summons == nil, question == nil, ContinuousClock.now < end else {
                return LaneAnswer(texts: texts, summons: summons, question: question, isOver: false)
            }
            let pause = lanes.pause(at: now).map { Duration.seconds(max($0, 0.05)) }
            await changes.wait(for: min(pause ?? Self.wait, end - ContinuousClock.now), since: count)
        }
        return LaneAnswer(texts: [], isOver: !Task.isCancelled)
    }

    func pump(at now: Date) -> [LaneEffect] {
        var generator = SystemRandomNumberGenerator()
        return lanes.pump(at: now, using: &generator)
    }

    var unwritten: [LaneAnswer.Text] {
        lanes.items.compactMap { item in
            guard item.state == .handed, let claim = item.claim, claim.isOpen, !posted.contains(claim.mark),
                // On the disk first.
                stored[item.message.id] == claim.mark, isForThisWriter(claim), let message = messages[item.message.id]
            else { return nil }
            return .init(mark: claim.mark, content: FramedText(letter(message), mark: claim.mark).wrapped)
        }
    }

    /// What another process of this very Claude Code was to write may be there already: nobody knows.
    private func isForThisWriter(_ claim: LaneItem.Claim) -> Bool {
        claim.writer == lanes.session.writer || claim.agent == nil || claim.agent != lanes.session.agent
    }

    /// Claude Code's record of this session: the one that its hooks named. Where none got through to us, as when this daemon's
    /// forerunner died before the first, the one that is called like the session.
    var agentRecord: String? { transcript ?? facts.agentFolder.flatMap { AgentFiles.record(of: id, in: $0) } }

    /// What Claude Code's own record has is seen, though a hook could not tell us. Where hooks never speak nobody says so.
    func recognizeDelivered() async {
        guard lanes.items.contains(where: { $0.state == .handed }), let transcript else { return }
        let marks = Transcript.delivered(in: TranscriptFile.tail(transcript, most: 8 << 20))
        await keep(lanes.wereDelivered(marks))
    }

    /// One notice of all that waited while the machine was away.
    private func summons(at now: Date) -> String? {
        noticeText(of: lanes.items.filter { $0.state == .waiting }, at: now).map { text in
            "\(FramedText.opening)claudemesh\">\n\(text)\n\(FramedText.closing)"
        }
    }

    /// The tools' process is gone: nothing reaches Claude Code until it is there again.
    package func laneIsGone() {
        laneHolder = nil
        lanes.session.hasInbox = false
        outgoing.happened()
    }

    /// Who holds the lane, to see whether that process lives.
    package var holder: Int32? { laneHolder }

    var laneInForce: String {
        if laneHolder == nil { return "none" }
        if lanes.session.hasInbox { return "inbox" }
        return lanes.session.hasGate ? "notice" : "tool"
    }

    /// What the session does, as its mesh is told.
    var status: PeerStatus {
        guard laneHolder != nil || lanes.activity != .unknown else { return .unknown }
        if laneHolder == nil, facts.receives != .nothing { return .deaf }
        return switch lanes.activity {
        case .unknown: .unknown
        case .working: isSilent ? .unknown : .working
        case .asking: .asking
        case .idle: .idle
        }
    }
}
