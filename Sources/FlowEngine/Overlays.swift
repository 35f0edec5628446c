// What lies above the flow: a stack whose top is active. The flow under it knows nothing of it.

/// A stack of overlays, each kind at most once.
public struct Overlays<Overlay: Identifiable & Sendable>: Sendable {
    public private(set) var all: [Overlay] = []

    public init() {}

    /// The active one.
    public var top: Overlay? { all.last }
    public var isEmpty: Bool { all.isEmpty }

    public subscript(id: Overlay.ID) -> Overlay? { all.first { $0.id == id } }

    /// Puts one on top; one of the same id is replaced.
    public mutating func present(_ overlay: Overlay) {
        dismiss(overlay.id)
        all.append(overlay)
    }

    /// Changes one where it lies; nothing where it is not there.
    public mutating func update(_ overlay: Overlay) {
        guard let index = all.firstIndex(where: { $0.id == overlay.id }) else { return }
        all[index] = overlay
    }

    public mutating func dismiss(_ id: Overlay.ID) {
        all.removeAll { $0.id == id }
    }

    public mutating func dismissTop() {
        if !all.isEmpty { all.removeLast() }
    }
}

extension Overlays: Equatable where Overlay: Equatable {}
extension Overlays: Hashable where Overlay: Hashable {}
