// A Frame onto the screen: only what differs from the last one is handed to curses, which finds the fewest bytes.

import CNcurses
public import Canvas

extension Terminal {
    /// Shows the frame, its cursor as the hardware cursor (hidden where it has none). What lies outside of the
    /// terminal is not shown; what the frame does not cover is blank. Does nothing between `release` and `reopen`.
    public func draw(_ frame: Frame) {
        guard isOpen else { return }
        followSize()
        if isInvalid { cm_invalidate() }
        let before = shown
        if frame.cursor == nil { hideCursor(true) }
        prepareLinks(of: frame, after: before)
        if let before, before.size == frame.size {
            for (index, (old, new)) in zip(before.cells, frame.cells).enumerated() where old != new {
                put(frame, x: index % frame.size.width, y: index / frame.size.width)
            }
        } else {
            // Most cells of a screen are blank, as this leaves them.
            cm_erase()
            for y in 0..<Int(cm_rows()) {
                for x in 0..<Int(cm_columns()) where frame[x, y] != .blank { put(frame, x: x, y: y) }
            }
        }
        let cursor = frame.cursor ?? Point(x: 0, y: 0)
        cm_show(Int32(min(cursor.y, Int(cm_rows()) - 1)), Int32(min(cursor.x, Int(cm_columns()) - 1)))
        drawLinks(of: frame, after: isInvalid ? nil : before, cursor: cursor)
        if frame.cursor != nil { hideCursor(false) }
        (shown, isInvalid) = (frame, false)
    }

    /// Writes the whole screen anew (Ctrl-L): whatever another program left on it goes.
    public func repaint() {
        guard isOpen, let shown else { return }
        isInvalid = true
        draw(shown)
    }

    private func put(_ frame: Frame, x: Int, y: Int) {
        let cell = frame[x, y]
        // The right half of a wide character comes with its left half.
        guard !cell.text.isEmpty, x < Int(cm_columns()), y < Int(cm_rows()) else { return }
        let isWide = frame[x + 1, y].text.isEmpty
        let style = cell.style
        var attributes: UInt32 = 0
        if style.bold { attributes |= CM_BOLD.rawValue }
        if style.underline { attributes |= CM_UNDERLINE.rawValue }
        if style.reverse != (invertsPictures && style.role == .picture) { attributes |= CM_REVERSE.rawValue }
        if palette.isFaint(style.role) { attributes |= CM_DIM.rawValue }
        let scalars = cell.text.unicodeScalars.map(\.value)
        cm_put(
            Int32(y), Int32(x), scalars, Int32(scalars.count), isWide ? 2 : 1, attributes,
            pairs[Int(style.role.rawValue)])
    }

    /// Curses learns of a resize here, where nothing else uses it.
    private func followSize() {
        let now = size
        let wasReflowed = input.takeReflow()
        guard wasReflowed || now.width != Int(cm_columns()) || now.height != Int(cm_rows()) else { return }
        cm_resize(Int32(now.height), Int32(now.width))
        cm_erase()
        (shown, isInvalid) = (nil, true)
    }

    private func hideCursor(_ hide: Bool) {
        guard hide != isCursorHidden else { return }
        isCursorHidden = hide
        send(hide ? codes.hideCursor : codes.showCursor)
    }
}
