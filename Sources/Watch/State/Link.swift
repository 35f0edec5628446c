// The connection to the server: whether what is shown is so now.

public import FlowEngine
public import MeshAPI

public struct Link: Sendable, Hashable {
    public enum Phase: Sendable, Hashable {
        /// Nothing came yet.
        case opening
        case live
        /// It is tried again by itself.
        case offline(Offline)
        /// Nothing more comes.
        case ended(End)
    }

    public struct Offline: Sendable, Hashable {
        public var failure: APIFailure
        /// Seconds since 1970, and on the boot clock.
        public var since: Moment
        /// On the boot clock.
        public var retryAt: Milliseconds
        /// What happens is still being followed: it is a request of ours that failed.
        var isFollowing = false
    }

    public enum End: Sendable, Hashable {
        case said(Event.End)
        case failed(APIFailure)
    }

    public var phase = Phase.opening

    public var offline: Offline? { if case .offline(let offline) = phase { offline } else { nil } }
    public var isLive: Bool { phase == .live }
}

extension WatchState {
    /// When the picture changes by itself: the next second of a count, the next minute of an age; milliseconds on the
    /// boot clock.
    public var nextTick: Milliseconds? {
        switch link.phase {
        case .offline: now.boot + 1000
        case .live: now.boot + (60 - now.wall % 60) * 1000
        case .opening, .ended: nil
        }
    }
}
