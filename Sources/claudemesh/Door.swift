// The door: the program starts and ends here. What a command line does stands in `Commands`.

import Commands

@main
enum Door {
    /// What the system denies is said before another thread is needed.
    @MainActor static func main() async { await Program.run(in: Program.begin()) }
}
