// The files of the directory: what `WholeFile` says of one, said with its path.

internal import FoundationEssentials
package import Platform

/// The bytes of a file and whether others may read it.
struct SafeFile {
    var bytes: Data
    var isWide: Bool

    /// Reads a regular file of this user without following a link; nil where there is none.
    static func read(_ path: String, limit: Int) throws(FileFailure) -> SafeFile? {
        do {
            return try WholeFile.read(path, limit: limit).map { SafeFile(bytes: $0.bytes, isWide: $0.isWide) }
        } catch {
            throw FileFailure(error, path: path, limit: limit)
        }
    }

    /// Replaces `directory/name`. The caller holds the directory's lock.
    static func replace(_ name: String, in directory: String, with bytes: some ContiguousBytes) throws(FileFailure) {
        do { try WholeFile.replace(name, in: directory, with: bytes) } catch {
            throw FileFailure(error, path: "\(directory)/\(name)")
        }
    }

    /// Removes `directory/name`; false where there was none.
    static func remove(_ name: String, in directory: String) throws(FileFailure) -> Bool {
        do { return try WholeFile.remove(name, in: directory) } catch {
            throw FileFailure(error, path: "\(directory)/\(name)")
        }
    }
}

extension FileFailure {
    package init(_ failure: WholeFile.Failure, path: String, limit: Int = 0) {
        self =
            switch failure {
            case .link: .link(path: path)
            case .wrongKind: .wrongKind(path: path)
            case .foreign: .foreign(path: path)
            case .tooLarge: .tooLarge(path: path, limit: limit)
            case .system(let error): .system(path: path, code: error.code)
            }
    }
}
