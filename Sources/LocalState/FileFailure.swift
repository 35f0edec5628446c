// What can go wrong with files, as data. Paths are said, contents never.

/// Why a file could not be read or written. All of them exit with 10, where they must not be survived.
package enum FileFailure: Error, Sendable, Hashable {
    /// Neither `CLAUDEMESH_CONFIG_DIR` nor a home.
    case noHome
    /// Another user owns it.
    case foreign(path: String)
    /// The directory would have to be made by root in a folder of another user's.
    case notOurs(path: String)
    /// The directory cannot be made 0700.
    case notPrivate(path: String)
    /// Others can read the directory, and it holds other things and none of ours: not ours to close.
    case crowded(path: String)
    /// A symbolic link where a file of ours should be.
    case link(path: String)
    /// A directory, a pipe or a device where a file should be, or a file where the directory should be.
    case wrongKind(path: String)
    case tooLarge(path: String, limit: Int)
    /// Another process held the lock for 5 s.
    case busy(path: String)
    /// The system refused; `code` is its `errno`.
    case system(path: String, code: Int32)
}

/// Something about the files that a person should hear once; the program goes on.
package enum FileNotice: Sendable, Hashable {
    /// Others could read it; now it is 0600 (a directory: 0700).
    case narrowed(path: String)
    /// Others can read it, and it could not be changed.
    case wide(path: String)
    /// It was damaged, and now lies at `kept`.
    case setAside(path: String, kept: String)
    /// It is damaged and was left where it is, since nothing may be written.
    case damaged(path: String)
    /// It can't be used, so nothing in it counts and nothing is kept in it.
    case leftOut(FileFailure)
}

/// A value, and what came up while it was read.
package struct Loaded<Value: Sendable>: Sendable {
    package var value: Value
    package var notices: [FileNotice]

    package init(value: Value, notices: [FileNotice] = []) {
        self.value = value
        self.notices = notices
    }
}

/// Why there is no identity in an `auth.json` that is there.
package enum AuthFailure: Error, Sendable, Hashable {
    /// No JSON, or not of the shape of version 1.
    case corrupted(path: String)
    /// Written by a newer claudemesh.
    case newer(path: String, version: Int)
    case file(FileFailure)
}
