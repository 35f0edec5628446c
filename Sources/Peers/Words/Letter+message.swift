// A message of the wire as it is put before Claude.

package import FoundationEssentials
package import MeshAPI

extension Letter {
    /// - Parameters:
    ///   - mesh: its slug.
    ///   - account: the receiver's, by id.
    package init(_ message: Message, mesh: String, account: String, now: Date) {
        self.init(
            id: message.id, author: Author(message.from, account: account), mesh: mesh, topic: message.topic,
            body: message.body, hop: message.hop, answers: message.reason == .answer ? message.replyTo : nil,
            age: Age(seconds: Int(now.timeIntervalSince(message.writtenAt ?? message.createdAt))))
    }
}

extension Author {
    init(_ sender: Sender, account: String) {
        let kind: Kind =
            switch sender.kind {
            case .member: .member
            case .key: .key
            case .peer, .topic: .peer
            }
        // A key's name is its label; anybody else's is the account's, which its owner cannot choose at each launch.
        self.init(
            kind: kind, address: sender.address, name: kind == .key ? sender.name : sender.member.name,
            isOwn: sender.member.id == account && kind != .key)
    }
}

extension LaneMessage {
    /// - Parameter account: the receiver's, by id.
    package init(_ message: Message, letter: Letter) {
        self.init(
            id: message.id, seq: message.seq, address: message.from.address, isOwn: letter.author.isOwn,
            isPersons: message.from.kind == .member, answersOwn: message.reason == .answer,
            wakes: message.wakes == true, isLong: FramedText(letter, mark: nil).isCut, createdAt: message.createdAt)
    }
}
