// Who waits for what happens in meshes, and how they are woken: at once by `post`, which other servers hear of too, and by a
// look at the database each second while anybody waits, since what they tell can get lost, and whoever has the file may have
// changed something. What is true is in the database, so whoever wakes reads it again. One timer for all.

internal import FoundationEssentials
internal import MeshStore
internal import Synchronization

package final class MeshChanges: Sendable {
    /// So many waits and streams may one credential, and one account, have; of more the oldest ends.
    static let mostOfCredential = 8
    static let mostOfAccount = 200

    private struct Room {
        var all: [ObjectIdentifier: MeshWatch] = [:]
        var byMesh: [String: [ObjectIdentifier: MeshWatch]] = [:]
        /// By the id of a session, an account or a key.
        var byParty: [String: [ObjectIdentifier: MeshWatch]] = [:]
        /// By the credential that can end while they wait.
        var byProof: [String: [ObjectIdentifier: MeshWatch]] = [:]
        /// A browser's session leaves no trace where it ends: they look for themselves.
        var browsers: [ObjectIdentifier: MeshWatch] = [:]
        /// The oldest first.
        var byCredential: [String: [MeshWatch]] = [:]
        var byAccount: [String: [MeshWatch]] = [:]
        var isStopped = false
        var isTicking = false
    }

    /// What was written just now.
    let tail = MeshTail()
    private let room = Mutex(Room())
    private let most: Int
    private let isLimited: Bool
    /// Whether no other server changes anything: what ends a right to read is then known here at once.
    private let isAlone: Bool
    private let surroundings: Surroundings
    private let look: MeshLook
    /// Tells the other servers what was posted here.
    private let tell: @Sendable (_ meshID: String, _ parties: Set<String>?) -> Void

    /// `most` is how many may wait at once.
    init(
        most: Int, isLimited: Bool, isAlone: Bool, surroundings: Surroundings, look: MeshLook,
        tell: @escaping @Sendable (_ meshID: String, _ parties: Set<String>?) -> Void = { _, _ in }
    ) {
        self.most = most
        self.isLimited = isLimited
        self.isAlone = isAlone
        self.surroundings = surroundings
        self.look = look
        self.tell = tell
    }

    /// How many wait.
    package var count: Int { room.withLock { $0.all.count } }

    /// How many of them are streams.
    package var streamCount: Int { room.withLock { $0.all.values.count(where: \.isStream) } }

    /// Lets a watch in, until the place that is given is dropped. Nil where there are too many, or the server stops.
    package func enter(_ watch: MeshWatch) -> Place? {
        let (isIn, oldest) = room.withLock { room -> (Bool, [MeshWatch]) in
            guard !room.isStopped, room.all.count < most else { return (false, []) }
            var over: [MeshWatch] = []
            if isLimited {
                if let first = Self.overflow(room.byCredential[watch.viewer.credentialID], Self.mostOfCredential) {
                    over.append(first)
                    Self.remove(first, from: &room)
                }
                if let first = Self.overflow(room.byAccount[watch.viewer.accountID], Self.mostOfAccount) {
                    over.append(first)
                    Self.remove(first, from: &room)
                }
            }
            Self.add(watch, to: &room)
            return (true, over)
        }
        for watch in oldest { watch.signal(.replaced) }
        guard isIn else { return nil }
        startTicking()
        return Place(watch: watch, of: self)
    }

    /// Something in a mesh changed: for these sessions, accounts and keys, or for all. Call it when the disk has it.
    func post(_ meshID: String, to parties: Set<String>? = nil) {
        wake(meshID, parties)
        tell(meshID, parties)
    }

    /// As above, of a commit that was added to the tail: where that has all of it, nobody asks the database for it.
    func post(_ segment: MeshSegment, meshID: String, to parties: Set<String>?) {
        tail.flush(segment, meshID: meshID)
        wake(meshID, parties, by: segment.isWhole && isAlone ? .said : .changed)
        tell(meshID, parties)
    }

    /// As `post`, of what another server told.
    package func wake(_ meshID: String, _ parties: Set<String>?) { wake(meshID, parties, by: .changed) }

    private func wake(_ meshID: String, _ parties: Set<String>?, by signal: MeshWatch.Signals) {
        let watches = room.withLock { room -> [MeshWatch] in
            guard let parties else { return room.byMesh[meshID].map { Array($0.values) } ?? [] }
            return parties.flatMap { party in
                room.byParty[party].map { $0.values.filter { $0.viewer.meshID == meshID } } ?? []
            }
        }
        for watch in watches { watch.signal(signal) }
    }

    /// These credentials ended: whoever waits with one looks again at once.
    func end(ofCredentials ids: [String]) {
        let watches = room.withLock { room in ids.flatMap { room.byProof[$0].map { Array($0.values) } ?? [] } }
        for watch in watches { watch.signal(.changed) }
    }

    /// Everybody has to look again.
    package func wakeAll() {
        for watch in room.withLock({ Array($0.all.values) }) { watch.signal(.changed) }
    }

    /// Ends every wait, and lets nobody wait again: the server stops.
    package func stop() {
        let watches = room.withLock { room in
            room.isStopped = true
            return Array(room.all.values)
        }
        for watch in watches { watch.signal(.stopped) }
    }

    private func startTicking() {
        let isFirst = room.withLock { room in
            defer { room.isTicking = true }
            return !room.isTicking
        }
        if isFirst { scheduleTick() }
    }

    private func scheduleTick() {
        // A look takes its time too, and within a second everybody is to know.
        _ = surroundings.after(.milliseconds(900)) { [weak self] in self?.tick() }
    }

    private func tick() {
        let (watches, meshIDs) = room.withLock { room in
            if room.all.isEmpty || room.isStopped { room.isTicking = false }
            return (Array(room.all.values), Set(room.byMesh.keys))
        }
        guard !watches.isEmpty else { return }
        let now = surroundings.now()
        for watch in watches { watch.tick(at: now) }
        Task {
            for watch in concerned(by: await look.news(of: meshIDs, at: now)) { watch.signal(.changed) }
            // The next one after this: looks do not pile up where the database is slow.
            scheduleTick()
        }
    }

    /// Who has to look again; everybody where nothing is known: each sees it for themselves.
    private func concerned(by news: (meshes: Set<String>, credentials: Set<String>)?) -> [MeshWatch] {
        room.withLock { room in
            guard let news else { return Array(room.all.values) }
            return Array(room.browsers.values)
                + news.meshes.flatMap { room.byMesh[$0].map { Array($0.values) } ?? [] }
                + news.credentials.flatMap { room.byProof[$0].map { Array($0.values) } ?? [] }
        }
    }

    fileprivate func leave(_ watch: MeshWatch) { room.withLock { Self.remove(watch, from: &$0) } }

    private static func overflow(_ watches: [MeshWatch]?, _ most: Int) -> MeshWatch? {
        watches.flatMap { $0.count >= most ? $0.first : nil }
    }

    private static func add(_ watch: MeshWatch, to room: inout Room) {
        let (id, viewer) = (ObjectIdentifier(watch), watch.viewer)
        room.all[id] = watch
        room.byMesh[viewer.meshID, default: [:]][id] = watch
        room.byParty[viewer.id, default: [:]][id] = watch
        switch viewer.proof {
        case .credential(let proof): room.byProof[proof, default: [:]][id] = watch
        case .browser: room.browsers[id] = watch
        }
        room.byCredential[viewer.credentialID, default: []].append(watch)
        room.byAccount[viewer.accountID, default: []].append(watch)
    }

    private static func remove(_ watch: MeshWatch, from room: inout Room) {
        let (id, viewer) = (ObjectIdentifier(watch), watch.viewer)
        guard room.all.removeValue(forKey: id) != nil else { return }
        func drop(_ key: String, from watches: inout [String: [ObjectIdentifier: MeshWatch]]) {
            watches[key]?[id] = nil
            if watches[key]?.isEmpty == true { watches[key] = nil }
        }
        func dropFromLine(_ key: String, from watches: inout [String: [MeshWatch]]) {
            watches[key]?.removeAll { $0 === watch }
            if watches[key]?.isEmpty == true { watches[key] = nil }
        }
        drop(viewer.meshID, from: &room.byMesh)
        drop(viewer.id, from: &room.byParty)
        switch viewer.proof {
        case .credential(let proof): drop(proof, from: &room.byProof)
        case .browser: room.browsers[id] = nil
        }
        dropFromLine(viewer.credentialID, from: &room.byCredential)
        dropFromLine(viewer.accountID, from: &room.byAccount)
    }

    /// A place in the room, given back when nobody holds it any more.
    package final class Place: Sendable {
        let watch: MeshWatch
        private let room: MeshChanges

        fileprivate init(watch: MeshWatch, of room: MeshChanges) {
            self.watch = watch
            self.room = room
        }

        deinit { leave() }

        package func leave() { room.leave(watch) }
    }
}
