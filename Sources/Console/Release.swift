// What this program calls itself.

/// This build of the program.
package enum Release {
    /// The one place the version stands.
    package static let version = "0.1.0"
}
