// Where a server's database is: a file that it has alone, or the address of one that several share. An address holds a password:
// it comes from a file or a variable, never from the command line, which others can read.

import ArgumentParser
import Connect
import Console
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshServer
import MeshStore
import Platform

/// `--database`, `--database-url-file` and `--key-file`, as `serve` reads them.
struct DatabaseOption: ParsableArguments {
    @Option(name: .customLong("database"), help: help(.serveDatabase, value: .path), completion: .file())
    var database: String?

    @Option(
        name: .customLong("database-url-file"), help: help(.serveDatabaseURLFile, value: .path), completion: .file())
    var urlFile: String?

    @Option(name: .customLong("key-file"), help: help(.serveKeyFile, value: .path), completion: .file())
    var keyFile: String?

    func location(_ context: Context) throws -> StorageLocation {
        let settings = ServeSettings(context: context)
        try context.given(database, as: "--database")
        guard database == nil || urlFile == nil else {
            throw Failure.invalid(field: "--database", reason: context.strings(ErrorText.databaseTwice))
        }
        guard let url = database == nil ? try settings.databaseURL(urlFile) : nil else {
            guard keyFile == nil else {
                throw Failure.invalid(field: "--key-file", reason: context.strings(ErrorText.keyFileAlone))
            }
            return .file(try settings.text("database", database) ?? settings.defaultDatabase())
        }
        return .shared(url, keyFile: try settings.keyFile(keyFile))
    }

    func administration(_ context: Context) throws -> ServerAdministration {
        try ServerAdministration(try location(context), environment: context.environment)
    }

    /// The file's path. Throws where the database is one that `program` of PostgreSQL's own looks after.
    func path(_ context: Context, else program: String) throws -> String {
        guard case .file(let path) = try location(context) else { throw OtherProgram(name: program) }
        return path
    }
}

extension ServeSettings {
    /// Nil where none is given. Throws `StorageFailure.file`.
    func databaseURL(_ file: String?) throws -> DatabaseURL? {
        guard let path = try text("database-url-file", file) else {
            return context[Self.variable("database-url")].map { DatabaseURL($0) }
        }
        return try Self.url(in: path)
    }

    /// The first line of a file.
    static func url(in path: String) throws -> DatabaseURL {
        guard let data = FileManager.default.contents(atPath: path) else {
            let reason = FileManager.default.fileExists(atPath: path) ? SystemError.noAccess : .missing
            throw StorageFailure.file(path: path, reason: .system(reason.code))
        }
        let text = String(decoding: data.prefix(16_384), as: UTF8.self)
        return DatabaseURL((text.split(separator: "\n").first.map(String.init) ?? "").trimmingWhitespace())
    }

    func keyFile(_ flag: String?) throws -> String {
        try text("key-file", flag) ?? ConfigDirectory(environment: context.environment).path(of: "server.key")
    }
}

/// What a program of PostgreSQL's own does.
struct OtherProgram: Explained {
    var name: String

    func explanation(_ words: Words) -> Explanation {
        words("other_program", .input, .otherProgram, ["program": name], remedy: .otherProgramRemedy)
    }
}
