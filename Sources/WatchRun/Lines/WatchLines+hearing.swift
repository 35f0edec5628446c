// What a person types at the mesh in lines: a word, a number, an address and a text, a text.

import Canvas
import Console
import FlowEngine
import Foundation
import Localization
import MeshAPI
import Text
import Watch

extension WatchLines {
    func hear(_ line: String) throws {
        let text = line.trimmingWhitespace()
        // What came of something asked for before.
        try tellRemark()
        session.send(.touched)
        heard.remark = nil
        defer { session.send(.touched) }
        if let overlay = confirming { return try confirm(text, overlay) }
        if let message = deciding { return try decide(text, message) }
        if text.isEmpty {
            if unread.isEmpty { return try tellNews() }
            return try readNew()
        }
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        let (word, rest) = (parts[0].folded(), parts.count > 1 ? parts[1].trimmingWhitespace() : "")
        if rest.isEmpty, try isWord(word) { return }
        if let number = Int(parts[0]), numbered.indices.contains(number - 1) {
            return try take(numbered[number - 1], rest)
        }
        if !rest.isEmpty, try isCommand(word, rest) { return }
        try send(text)
    }

    private func means(_ word: String, _ key: WatchText) -> Bool { word == strings(key).folded() }

    /// A word alone.
    private func isWord(_ word: String) throws -> Bool {
        if means(word, .wordHelp) || word == "?" {
            try voice.say(strings(WatchText.lineHelp))
        } else if means(word, .wordQuit) {
            session.send(.quit)
        } else if means(word, .wordPeers) {
            for line in words.peers { try voice.say(line) }
        } else if means(word, .wordForYou) {
            try tellForYou(anew: true)
            if session.state.forYou.isEmpty { try voice.say(strings(WatchText.lineNothing)) }
        } else {
            return false
        }
        return true
    }

    /// A word with something behind it.
    private func isCommand(_ word: String, _ rest: String) throws -> Bool {
        if means(word, .wordMore) {
            let id = session.state.log.messages.last { $0.id.hasPrefix(rest) }?.id
            guard let id else { return false }
            for line in words.text(of: id) { try voice.say(line, goingOn: LineWords.quote) }
            session.send(.painted(whole: [id], rows: 1))
        } else if means(word, .wordDone), let number = Int(rest), numbered.indices.contains(number - 1) {
            session.send(.settle(numbered[number - 1]))
        } else if means(word, .wordPutOut), let peer = words.peer(rest) {
            try ask(.putOut(peer.sessionID), words.putOut(peer))
        } else if means(word, .wordBan), let member = words.member(rest) {
            try ask(.ban(member.id), words.ban(member))
        } else if means(word, .wordAttention), let attention = words.attention(rest) {
            session.send(.attention(attention))
        } else {
            return false
        }
        return true
    }

    /// A number: opens what it stands for, or answers it.
    private func take(_ item: ForYou, _ text: String) throws {
        switch item {
        case .asks(let peer): session.send(.goTo(peer.sessionID))
        case .word(let message):
            unread.removeAll { $0 == message.id }
            if text.isEmpty {
                session.send(.answer(message.id))
                return try read(message.id)
            }
            session.send(.answer(message.id))
            try send(text)
        case .firstWord(let message):
            deciding = message
            for line in words.firstWord(message) { try voice.say(line, goingOn: LineWords.quote) }
        case .chain(let message):
            session.send(.write(message.from.address))
            if !text.isEmpty { try send(text) }
        }
    }

    private func send(_ text: String) throws {
        session.send(.edit(.line, TextInput(text)))
        let before = session.state.compose.outbox.count
        session.send(.send)
        if session.state.compose.outbox.count > before || session.state.remark == nil {
            let last = session.state.compose.outbox.last
            let to = last?.message.to?.all.joined(separator: ", ") ?? session.state.compose.to ?? ""
            let key: WatchText = last == nil ? .lineTo : session.state.link.isLive ? .lineSent : .lineWaits
            try voice.say([strings(key, ["to": to]), words.standing(of: to)].compactMap(\.self).joined(separator: " "))
        }
        try tellNews()
    }

    private func decide(_ text: String, _ message: Message) throws {
        let choices: [(WatchText, FirstWord)] = [
            (.wordLetIn, .letIn), (.wordRefuse, .refuse), (.wordBlock, .block), (.wordLater, .later),
        ]
        guard let choice = choices.first(where: { means(text.folded(), $0.0) })?.1 else {
            return try voice.say(strings(WatchText.lineDecide))
        }
        deciding = nil
        session.send(.decide(choice, message))
    }

    /// Asks for a name, where what it confirms may be done.
    private func ask(_ overlay: Overlay, _ question: [String]) throws {
        session.send(.show(overlay))
        guard session.state.overlays.top == overlay else { return try tellRemark() }
        confirming = overlay
        for line in question { try voice.say(line) }
    }

    private func confirm(_ text: String, _ overlay: Overlay) throws {
        confirming = nil
        session.send(.edit(.name, TextInput(text)))
        session.send(.confirmName)
        if session.state.remark?.text.key == .watch(.otherName) {
            session.send(.dismiss)
            try voice.say(strings(WatchText.otherName))
        }
    }
}
