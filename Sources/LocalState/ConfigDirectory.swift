// `~/.claudemesh`: who owns it, how its files are read and replaced. What each file holds is in the file named after it.
// To add a file: a type with its shape, and `ConfigDirectory+NAME.swift` with its reading and writing.

internal import FoundationEssentials
internal import Platform

/// The directory of a person's settings. Synchronous and quick: the first frame is made from it.
package struct ConfigDirectory: Sendable, Hashable {
    package let path: String
    /// False for a run that must not change anything: modes are left, damaged files stay where they are.
    package var mayWrite: Bool

    static let smallFile = 64 << 10

    package init(path: String, mayWrite: Bool = true) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        self.mayWrite = mayWrite
    }

    /// `CLAUDEMESH_CONFIG_DIR`, else `.claudemesh` in the home. Throws `noHome`.
    package init(environment: [String: String], mayWrite: Bool = true) throws(FileFailure) {
        if let path = environment["CLAUDEMESH_CONFIG_DIR"], !path.isEmpty {
            self.init(path: path, mayWrite: mayWrite)
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            self.init(path: "\(home)/.claudemesh", mayWrite: mayWrite)
        } else if let home = Machine.userHome {
            self.init(path: "\(home)/.claudemesh", mayWrite: mayWrite)
        } else {
            throw .noHome
        }
    }

    /// The directory of the server that runs on this machine alone; it has an `auth.json` of its own.
    package var local: ConfigDirectory { ConfigDirectory(path: "\(path)/local", mayWrite: mayWrite) }

    package func path(of name: String) -> String { "\(path)/\(name)" }

    /// Makes the directory where it is missing, and sees to it that it is 0700.
    package func make() throws(FileFailure) { try prepare() }

    /// Reads `name` where the directory is there and ours; nil where there is no such file.
    func read(_ name: String, limit: Int = smallFile, _ notices: inout [FileNotice]) throws(FileFailure) -> Data? {
        guard try isThere(&notices) else { return nil }
        guard let file = try SafeFile.read(path(of: name), limit: limit) else { return nil }
        // Where a file is a mount of its own it can only be emptied; and containers mount an empty one to begin with.
        if file.bytes.isEmpty { return nil }
        if file.isWide {
            let narrowed = mayWrite && FileCalls.close(path(of: name), to: 0o600)
            notices.append(narrowed ? .narrowed(path: path(of: name)) : .wide(path: path(of: name)))
        }
        return file.bytes
    }

    /// The first bytes of a file that is longer; nil where it is not, or cannot be read.
    func head(_ name: String, _ count: Int) -> Data? {
        var notices: [FileNotice] = []
        guard (try? isThere(&notices)) == true else { return nil }
        return WholeFile.head(path(of: name), count)
    }

    /// Runs `body` as the only writer, in a directory that is there and 0700.
    /// - Parameter patience: how long it waits for another writer.
    func writing<Value>(
        patience: Duration = DirectoryLock.patience, _ body: () throws(FileFailure) -> Value
    ) throws(FileFailure) -> Value {
        guard mayWrite else { throw .system(path: path, code: SystemError.readOnly.code) }
        try prepare()
        return try DirectoryLock.hold(path, patience: patience) { () throws(FileFailure) -> Value in
            WholeFile.sweepLeftovers(in: path)
            return try body()
        }
    }

    /// Replaces `name` as a whole. Only inside `writing`.
    func replace(_ name: String, with object: JSONObject, limit: Int = smallFile) throws(FileFailure) {
        let bytes = JSONWriter.write(object)
        guard bytes.count <= limit else { throw .tooLarge(path: path(of: name), limit: limit) }
        try SafeFile.replace(name, in: path, with: bytes)
    }

    /// The object in `name`, an empty one where there is no file. A damaged file is set aside.
    /// - Parameter locked: whether this is inside `writing`.
    /// - Parameter lists: the keys that hold lists and nothing else.
    func object(
        _ name: String, limit: Int = smallFile, lists: [String], locked: Bool
    ) throws(FileFailure) -> Loaded<JSONObject> {
        var loaded = Loaded(value: JSONObject())
        if let object = try parsed(name, limit: limit, &loaded.notices),
            lists.allSatisfy({ object[$0].map { $0.array != nil } ?? true })
        {
            loaded.value = object
            return loaded
        }
        if !locked, mayWrite {
            // Once more, as the only one: another process may have set it aside and written a sound one meanwhile.
            let again = try? writing { () throws(FileFailure) in
                try object(name, limit: limit, lists: lists, locked: true)
            }
            if let again { return again }
        }
        let kept = path(of: "\(name).damaged")
        let moved = locked && WholeFile.setAside(path(of: name), as: kept)
        loaded.notices.append(moved ? .setAside(path: path(of: name), kept: kept) : .damaged(path: path(of: name)))
        return loaded
    }

    /// nil where the file is damaged. One that is too large is as useless, and in the way of the next write.
    private func parsed(
        _ name: String, limit: Int, _ notices: inout [FileNotice]
    ) throws(FileFailure) -> JSONObject? {
        do {
            guard let bytes = try read(name, limit: limit, &notices) else { return JSONObject() }
            return (try? JSONReader.read(bytes))?.object
        } catch {
            if case .tooLarge = error { return nil }
            throw error
        }
    }

    /// Whether the directory is there; then it is ours and, where it may be changed, 0700.
    private func isThere(_ notices: inout [FileNotice]) throws(FileFailure) -> Bool {
        let status: FileStatus
        do { status = try FileStatus(path) } catch {
            if [.missing, .noFolder].contains(error) { return false }
            throw .system(path: path, code: error.code)
        }
        try check(status)
        if status.isWide, mayWrite {
            try narrow()
            notices.append(.narrowed(path: path))
        }
        return true
    }

    private func check(_ status: FileStatus) throws(FileFailure) {
        guard status.kind == .folder else { throw .wrongKind(path: path) }
        guard status.isOurs else { throw .foreign(path: path) }
    }

    /// Makes the directory, with those above it, and sees to it that it is 0700.
    private func prepare() throws(FileFailure) {
        var end = path.startIndex
        while end < path.endIndex {
            end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
            let part = String(path[..<end])
            if PrivateFolder.user == 0 { try leaveToItsOwner(part) }
            do { try PrivateFolder.make(new: part) } catch {
                // What cannot be made may be there: on a read-only disk, in a folder that is not ours.
                guard error == .exists || (error != .missing && FileAccess.allows(.exists, part)) else {
                    throw .system(path: path, code: error.code)
                }
            }
        }
        let status: FileStatus
        do { status = try FileStatus(path) } catch { throw .system(path: path, code: error.code) }
        try check(status)
        if status.mode & 0o777 != 0o700 { try narrow() }
    }

    /// Throws `foreign` where `part` is missing in a folder of another user's: what root makes there its owner could not use,
    /// as after `sudo` in that user's home.
    private func leaveToItsOwner(_ part: String) throws(FileFailure) {
        let parent = part.lastIndex(of: "/").map { String(part[..<$0]) } ?? "."
        guard !parent.isEmpty, !FileAccess.allows(.exists, part), let folder = try? FileStatus(parent),
            folder.owner != 0
        else { return }
        throw .notOurs(path: parent)
    }

    /// Makes the directory 0700: an empty one, or one that has something of ours in it. `/etc` is left as it is.
    private func narrow() throws(FileFailure) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let ours = [Self.authName, Self.configName, Self.stateName, Self.meshesName, "local", "sessions", "daemon"]
        guard names.isEmpty || names.contains(where: ours.contains) else { throw .crowded(path: path) }
        guard FileCalls.close(path, to: 0o700) else { throw .notPrivate(path: path) }
    }
}
