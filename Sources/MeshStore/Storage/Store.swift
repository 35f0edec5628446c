// What every engine gives: transactions over one database. Services hold an `any Store` and know no engine; SQL is written
// in the repositories (`…Rows`) alone, in the words that all engines share. To add an engine: a module with a type that
// conforms to `Store`, a `StatementRunner` and a `RowSource`, and its line in the list of stores of `MeshStoreTests`.

package protocol Store: Sendable {
    /// The server's own secret, from which digests and seals are made.
    var key: ServerKey { get }

    /// Reads what nearly every request asks for: rows by their key, which need not see one common state. Nothing long: in
    /// SQLite all of these reads wait for one another.
    func lookUp<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value

    /// Reads one consistent state.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value

    /// Writes in one transaction, undone when `body` throws. `body` may run twice, where an engine had to give up: it has no
    /// effect but on the transaction. It catches no `StoreFailure`: after one an engine may take no more statements. Never
    /// hash a password inside. `then` is told right after the commit; where there is one writer, before the next transaction
    /// begins. The disk may not have it yet: nobody else is told of it before `flush`.
    @discardableResult
    func commit<Value: Sendable>(
        _ scope: WriteScope, _ body: @escaping @Sendable (Transaction) throws -> Value,
        then: @escaping @Sendable (Value) -> Void
    ) async throws -> Value

    /// Returns when the disk has all that was committed before; others may commit meanwhile. Throws `StoreFailure.inDoubt`: what
    /// was committed is there, and may be lost with the machine's power.
    func flush() async throws

    /// Whether it answers, with every migration in place, and takes what is written.
    func isReady() async -> Bool

    /// Ends its connections in order; what is asked of it afterwards fails. Throws `StoreFailure`.
    func close() throws
}

extension Store {
    @discardableResult
    package func commit<Value: Sendable>(
        _ scope: WriteScope, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await commit(scope, body, then: { _ in })
    }

    /// Commits as above, and returns when the disk has it.
    @discardableResult
    package func write<Value: Sendable>(
        _ scope: WriteScope, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        let value = try await commit(scope, body)
        try await flush()
        return value
    }

    /// As above, alone among all writes.
    @discardableResult
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await write(.everything, body)
    }
}

/// What a write must have for itself between its first look and its commit. An engine may hold more than that: SQLite has
/// one writer.
package enum WriteScope: Sendable, Hashable {
    /// No other write happens meanwhile: whatever was looked at still holds. The audit's head is written in no other.
    case everything
    /// Nobody else writes to the mesh of this id, or everything. Never asked for inside `everything`.
    case one(String)
    /// Each statement guards itself in its WHERE.
    case nothing
}
