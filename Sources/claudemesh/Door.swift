// The door: the program starts and ends here. What a command line does stands in `Commands`.

import Commands

@main
enum Door {
    static func main() async { await Program.main() }
}
