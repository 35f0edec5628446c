// The address and the code of a sign-in, with every text its layouts need: whole, apart, or beside a QR code.

public import Canvas

/// An address to open elsewhere and the code to compare there.
public struct CodeCard: Sendable {
    /// Leads to the code's own page.
    public var address: String
    /// `host/c`, where the code is typed by hand.
    public var shortAddress: String
    /// Never opened: shown, and not made a link.
    public var isForeign: Bool
    public var code: String
    /// The QR code's rows, empty while there is none.
    public var qr: [String]
    /// nil: shown where there is room.
    public var showsQR: Bool?
    /// What is in the way, if anything is.
    public var trouble: Notice?
    /// What is waited for; empty beside a `trouble`, which says it all.
    public var waiting: String
    /// The time left, with its words and as digits alone.
    public var left: String
    public var leftShort: String
    /// What became of the last key, or what else can be done here.
    public var remark: Remark?
    public var texts: Texts

    public enum Remark: Sendable {
        /// Said where there is room.
        case hint(String)
        case notice(Notice)
    }

    /// The sentences around address and code.
    public struct Texts: Sendable {
        public var open: String
        public var openShort: String
        public var scan: String
        public var compare: String
        public var type: String
        /// No part of the address fits.
        public var tooWide: String
        public var qrTooLarge: @Sendable (_ needs: Size, _ has: Size) -> String
        /// The bar's word for copying where the whole address is not on the screen.
        public var copy: String

        public init(
            open: String, openShort: String, scan: String, compare: String, type: String, tooWide: String,
            qrTooLarge: @escaping @Sendable (_ needs: Size, _ has: Size) -> String, copy: String
        ) {
            (self.open, self.openShort, self.scan) = (open, openShort, scan)
            (self.compare, self.type, self.tooWide) = (compare, type, tooWide)
            (self.qrTooLarge, self.copy) = (qrTooLarge, copy)
        }
    }

    public init(
        address: String, shortAddress: String, isForeign: Bool, code: String, qr: [String], showsQR: Bool?,
        trouble: Notice?, waiting: String, left: String, leftShort: String, remark: Remark?, texts: Texts
    ) {
        (self.address, self.shortAddress, self.isForeign, self.code) = (address, shortAddress, isForeign, code)
        (self.qr, self.showsQR, self.trouble) = (qr, showsQR, trouble)
        (self.waiting, self.left, self.leftShort) = (waiting, left, leftShort)
        (self.remark, self.texts) = (remark, texts)
    }
}
