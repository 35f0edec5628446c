// How much memory the program keeps for itself.

internal import CPosix

public enum Memory {
    /// Keeps about so many bytes of what is freed, where it was had from, for whoever asks next. The C library gives back
    /// all but 128 KiB: of a program that takes a little more for each piece of its work the system then makes and clears
    /// every page anew.
    public static func keep(_ bytes: Int) { cp_memory_keep(bytes) }
}
