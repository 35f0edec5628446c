// What may be asked of every command. To add one: a property here, its flag in `GlobalOptions` of the commands.

package import Localization

/// What was asked of any command; as it is made, nothing. Apart from the parser's wrappers, which take a millisecond to make.
package struct RunOptions: Sendable {
    package var json = false
    package var plain = false
    package var fullScreen = false
    package var language: Language?
    package var nonInteractive = false
    package var token: String?
    package var server: String?
    package var local = false

    package init() {}
}
