// The shapes that are written by hand: what a message is answered with, and the events that tell of it. Their keys stand in the
// order of their bytes.

package import FoundationEssentials

extension WireJSON {
    /// As `encode` of any other shape, by hand.
    package static func written(_ sent: SentMessage) -> Data {
        var text = WireText()
        sent.write(to: &text)
        return text.data
    }

    /// As `encode`: by hand where it tells of a message or a receipt.
    package static func written(_ event: Event) throws -> Data {
        var text = WireText()
        switch event {
        case .message(let message), .held(let message):
            text.object {
                $0.key("message")
                message.write(to: &$0)
                $0.field("type", event.type)
            }
        case .receipt(let receipt):
            text.object {
                $0.key("receipt")
                receipt.write(to: &$0)
                $0.field("type", event.type)
            }
        case .withdrawn, .peer, .topic, .member, .ended: return try encode(event)
        }
        return text.data
    }

    /// A list of texts.
    package static func written(_ texts: [String]) -> String {
        var text = WireText()
        text.list(texts) { $0.value($1) }
        return String(decoding: text.bytes, as: UTF8.self)
    }
}

extension MemberName {
    fileprivate func write(to text: inout WireText) {
        text.object {
            $0.field("handle", handle)
            $0.field("id", id)
            $0.field("name", name)
        }
    }
}

extension Sender {
    fileprivate func write(to text: inout WireText) {
        text.object {
            $0.field("address", address)
            $0.field("host", host)
            $0.field("id", id)
            $0.field("kind", kind.rawValue)
            $0.key("member")
            member.write(to: &$0)
            $0.field("name", name)
            $0.field("role", role)
        }
    }
}

extension Message {
    fileprivate func write(to text: inout WireText) {
        text.object {
            $0.field("body", body)
            $0.field("body_version", bodyVersion)
            $0.field("chain", chain)
            $0.field("created_at", createdAt)
            $0.field("expires_at", expiresAt)
            $0.key("from")
            from.write(to: &$0)
            $0.field("hop", hop)
            $0.field("id", id)
            if let mailbox {
                $0.key("mailbox")
                $0.object {
                    $0.field("id", mailbox.id)
                    $0.field("kind", mailbox.kind.rawValue)
                }
            }
            $0.field("readers", readers)
            $0.field("reason", reason.rawValue)
            if let receipts {
                $0.key("receipts")
                $0.list(receipts) { $1.write(to: &$0) }
            }
            $0.field("reply_to", replyTo)
            $0.field("seq", seq)
            $0.field("state", state?.rawValue)
            if let states {
                $0.key("states")
                $0.object {
                    for (name, state) in MessageState.written {
                        $0.field(name, states[state])
                    }
                }
            }
            $0.field("to", to)
            $0.field("topic", topic)
            $0.field("wakes", wakes)
            $0.field("written_at", writtenAt)
        }
    }
}

extension Receipt {
    fileprivate func write(to text: inout WireText) {
        text.object {
            $0.field("at", at)
            $0.field("id", id)
            $0.field("kind", kind.rawValue)
            $0.field("lane", lane?.rawValue)
            $0.field("message_id", messageId)
            $0.field("name", name)
            $0.field("reason", reason)
            $0.field("state", state.rawValue)
            $0.key("times")
            $0.object {
                for (name, state) in MessageState.written {
                    $0.field(name, times[state])
                }
            }
        }
    }
}

extension MessageState {
    /// All of them, in the order of their names.
    fileprivate static let written: [(StaticString, MessageState)] = [
        ("acknowledged", .acknowledged), ("expired", .expired), ("fetched", .fetched), ("handed", .handed),
        ("held", .held), ("posted", .posted), ("queued", .queued), ("refused", .refused), ("seen", .seen),
        ("withdrawn", .withdrawn),
    ]
}

extension SentMessage {
    fileprivate func write(to text: inout WireText) {
        text.object {
            $0.field("chain", chain)
            $0.field("created_at", createdAt)
            $0.field("expires_at", expiresAt)
            $0.field("hop", hop)
            $0.field("id", id)
            if let notInContact {
                $0.key("not_in_contact")
                $0.list(notInContact) { text, who in text.object { who.write(to: &$0) } }
            }
            $0.field("not_mentioned", notMentioned)
            $0.key("recipients")
            $0.list(recipients) { text, recipient in text.object { recipient.who.write(to: &$0, as: recipient) } }
            $0.field("seq", seq)
        }
    }
}

extension Who {
    /// Its fields, among them those of a recipient.
    fileprivate func write(to text: inout WireText, as recipient: Recipient? = nil) {
        text.field("address", address)
        text.field("away_since", awaySince)
        text.field("host", host)
        text.field("id", id)
        text.field("kind", kind.rawValue)
        text.field("live", live)
        if let member {
            text.key("member")
            member.write(to: &text)
        }
        text.field("name", name)
        text.field("reason", recipient?.reason)
        text.field("receives", receives?.rawValue)
        text.field("role", role)
        text.field("state", recipient?.state.rawValue)
        text.field("wakes", recipient?.wakes)
    }
}
