// Frames one after the other as one picture that moves, for the README: no script, the same bytes for the same frames. What
// does not change from one to the next is in it once. It stands still for whoever wants no motion.

public import Canvas

/// A run of a screen.
public struct Film: Sendable {
    /// A frame, and how long it stands.
    public struct Shot: Sendable, Hashable {
        public var frame: Frame
        public var milliseconds: Int

        public init(_ frame: Frame, milliseconds: Int) {
            self.frame = frame
            self.milliseconds = milliseconds
        }
    }

    /// One at least, all of one size.
    public var shots: [Shot]
    /// The one that stands where nothing is to move.
    public var still: Int

    public init(_ shots: [Shot], still: Int) {
        self.shots = shots
        self.still = still
    }

    /// A picture that does not move.
    public init(of frame: Frame) { self.init([Shot(frame, milliseconds: 0)], still: 0) }

    public var stillFrame: Frame { shots[still].frame }

    /// Something that stands unchanged over some shots, and then is another.
    private struct Span {
        var shots: Range<Int>
        var elements: String
    }

    /// The film as an SVG document that begins anew at its end. Its label is what stands in the still frame.
    public func svg(_ theme: Theme) -> String {
        guard let first = shots.first else { return "" }
        let label = stillFrame.lines.filter { !$0.isEmpty }.joined(separator: " ")
        var spans = self.spans { $0.cursor.map { Frame.cursor(at: $0, theme) } ?? "" }
        for y in 0..<first.frame.size.height { spans += self.spans { $0.row(y, theme) } }
        let times = Set(spans.map(\.shots)).filter { $0.count < shots.count }
            .sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        let rules = times.map(rule).joined()
        let style = rules.isEmpty ? "" : "\n\(rules)\(reduced)"
        return Frame.document(first.frame.size, theme, label: label, style: style) {
            spans.map { span in
                guard span.shots.count < shots.count else { return span.elements }
                let mark = span.shots.contains(still) ? " s" : ""
                return "<g class=\"f \(name(span.shots))\(mark)\">\n\(span.elements)</g>\n"
            }.joined()
        }
    }

    /// Runs of shots in which a part of the frame is the same; those where it is nothing are left out.
    private func spans(_ part: (Frame) -> String) -> [Span] {
        var spans: [Span] = []
        for (index, shot) in shots.enumerated() {
            let elements = part(shot.frame)
            if let last = spans.last, last.elements == elements {
                spans[spans.count - 1].shots = last.shots.lowerBound..<(index + 1)
            } else {
                spans.append(Span(shots: index..<(index + 1), elements: elements))
            }
        }
        return spans.filter { !$0.elements.isEmpty }
    }

    private func name(_ shots: Range<Int>) -> String { "t\(shots.lowerBound)-\(shots.upperBound)" }

    /// Seen from one moment to the other, again in every round.
    private func rule(_ shots: Range<Int>) -> String {
        let (from, to) = (percent(shots.lowerBound), percent(shots.upperBound))
        let before = shots.lowerBound > 0 ? "0%{visibility:hidden}" : ""
        let isLast = shots.upperBound == self.shots.count
        let after = isLast ? "100%{visibility:visible}" : "\(to){visibility:hidden}100%{visibility:hidden}"
        let name = name(shots)
        return "@keyframes \(name){\(before)\(from){visibility:visible}\(after)}.\(name){animation-name:\(name)}\n"
    }

    private func percent(_ shot: Int) -> String {
        let before = shots.prefix(shot).reduce(0) { $0 + $1.milliseconds }
        let thousandths = duration > 0 ? before * 100_000 / duration : 0
        let (whole, rest) = thousandths.quotientAndRemainder(dividingBy: 1000)
        let decimals = String(1000 + rest).dropFirst()
        return rest == 0 ? "\(whole)%" : "\(whole).\(decimals)%"
    }

    private var duration: Int { shots.reduce(0) { $0 + $1.milliseconds } }

    private var reduced: String {
        """
        .f{visibility:hidden;animation-duration:\(duration)ms;animation-timing-function:step-end;\
        animation-iteration-count:infinite}
        @media (prefers-reduced-motion:reduce){.f{animation:none}.s{visibility:visible}}

        """
    }
}
