// What Claude is told of messages that wait: how many, of whom, and their ids; never their text.

/// One line about what waits.
package struct WaitingNotice: Sendable {
    /// A message that waits, as far as a notice says it.
    package struct Item: Sendable, Hashable {
        package var id: String
        package var address: String
        package var answersOwn: Bool
        package var age: Age?

        package init(id: String, address: String, answersOwn: Bool = false, age: Age? = nil) {
            self.id = id
            self.address = address
            self.answersOwn = answersOwn
            self.age = age
        }
    }

    package var mesh: String
    package var items: [Item]
    /// Topics with how much is unread in them.
    package var topics: [(name: String, unread: Int)] = []

    package init(mesh: String, items: [Item], topics: [(name: String, unread: Int)] = []) {
        self.mesh = mesh
        self.items = items
        self.topics = topics
    }

    static let most = 8 << 10

    /// nil where nothing waits.
    package var text: String? {
        let unread = topics.filter { $0.unread > 0 }
        guard !items.isEmpty else { return nil }
        let count = items.count + unread.reduce(0) { $0 + $1.unread }
        let parts = senders + unread.map { "#\(ForeignText.name($0.name, limit: 50)) \($0.unread) new" }
        var text =
            (count == 1 ? "1 message waits" : "\(count) messages wait") + " in \(ForeignText.name(mesh)): "
            + parts.joined(separator: ", ")
            + ". None counts as seen: call inbox, and answer only what still matters."
        for (place, item) in items.enumerated() {
            let line = "\n\(ForeignText.name(item.id, limit: 64)) of \(ForeignText.name(item.address, limit: 100))"
            guard text.utf8.count + line.utf8.count < Self.most - 40 else {
                text += "\n… and \(items.count - place) more"
                break
            }
            text += line
        }
        return text
    }

    /// `ana/reviewer 3 (1 answers you)`, by sender, in the order of their first message; at most twelve of them.
    private var senders: [String] {
        var order: [String] = []
        var groups: [String: [Item]] = [:]
        for item in items {
            if groups[item.address] == nil { order.append(item.address) }
            groups[item.address, default: []].append(item)
        }
        let named = order.prefix(12).map { address in
            let group = groups[address] ?? []
            let answers = group.count(where: \.answersOwn)
            let age = group.compactMap(\.age).max { $0.seconds < $1.seconds }
            let remarks = [
                answers > 0 ? "\(answers) \(answers == 1 ? "answers" : "answer") you" : nil, age?.description,
            ].compactMap(\.self)
            let remark = remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))"
            return "\(ForeignText.name(address, limit: 100)) \(group.count)\(remark)"
        }
        return order.count > 12 ? named + ["\(order.count - 12) others"] : named
    }
}
