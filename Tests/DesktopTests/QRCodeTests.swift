// QR codes: what is drawn in half blocks is read back by a program that knows nothing of us (zbarimg, of Debian's zbar-tools).

import Foundation
import Testing

@testable import Desktop

struct QRCodeTests {
    static let address = "HTTPS://CLAUDEMESH.COM/C/ABCD-EFGH"

    @Test(arguments: [address, "http://127.0.0.1:7420/c/ABCD-EFGH", "ñ 漢字 " + String(repeating: "x", count: 300)])
    func aReaderFindsTheTextOnADarkTerminal(text: String) throws {
        let code = try #require(QRCode(text))
        #expect(try decode(Picture(code.lines, ink: 255, paper: 0)) == text)
    }

    @Test func aReaderThatKnowsInvertedCodesFindsItOnALightTerminal() throws {
        let code = try #require(QRCode(Self.address))
        #expect(try decode(Picture(code.lines, ink: 0, paper: 255), "-Stest-inverted") == Self.address)
    }

    @Test func aReaderFindsItInTheMiddleOfALightTerminalOnceColoursAreSet() throws {
        // Painted, the picture is that of the dark terminal; around it is white text background, touching the quiet zone.
        let code = try #require(QRCode(Self.address))
        let picture = Picture(code.lines, ink: 255, paper: 0).framed(by: 255)
        #expect(try decode(picture) == Self.address)
        for (painted, plain) in zip(code.paintedLines, code.lines) {
            #expect(painted == "\u{1B}[38;5;231;48;5;16m\(plain)\u{1B}[0m")
        }
    }

    @Test func theAddressFitsTheDrawnScreen() throws {
        let code = try #require(QRCode(Self.address))
        #expect(code.size == 25 && code.width == 33 && code.height == 17)
        #expect(code.lines.count == code.height && code.lines.allSatisfy { $0.count == code.width })
        #expect(code.lines[0] == String(repeating: "█", count: 33), "the quiet zone is drawn")
        #expect(code.lines.allSatisfy { $0.hasPrefix("████") && $0.hasSuffix("████") })
    }

    @Test func upperCaseMakesItSmaller() throws {
        let lower = try #require(QRCode(Self.address.lowercased()))
        let upper = try #require(QRCode(Self.address))
        #expect(upper.size < lower.size)
    }

    @Test func whatIsLongerThanAnyCodeIsRefused() {
        #expect(QRCode(String(repeating: "x", count: 2_953)) != nil)
        #expect(QRCode(String(repeating: "x", count: 2_954)) == nil)
    }

    @Test func theSpareRoomGoesToErrorCorrection() throws {
        // A smudge beyond level L, which the smallest code was first made with.
        let code = try #require(QRCode("HTTPS://A.EX"))
        var picture = Picture(code.lines, ink: 255, paper: 0)
        picture.smudge(x: code.width - 10, y: code.width - 12, width: 6, height: 4)
        #expect(try decode(picture) == "HTTPS://A.EX")
    }
}

/// Half-block lines as grey levels, a module a pixel.
struct Picture {
    var rows: [[UInt8]] = []

    init(_ lines: [String], ink: UInt8, paper: UInt8) {
        for line in lines {
            var top: [UInt8] = []
            var bottom: [UInt8] = []
            for character in line {
                top.append("█▀".contains(character) ? ink : paper)
                bottom.append("█▄".contains(character) ? ink : paper)
            }
            rows += [top, bottom]
        }
    }

    func framed(by level: UInt8) -> Picture {
        var framed = self
        let side = [UInt8](repeating: level, count: 6)
        framed.rows = rows.map { side + $0 + side }
        let empty = [[UInt8]](repeating: [UInt8](repeating: level, count: framed.rows[0].count), count: 6)
        framed.rows = empty + framed.rows + empty
        return framed
    }

    mutating func smudge(x: Int, y: Int, width: Int, height: Int) {
        for row in y..<y + height { for column in x..<x + width { rows[row][column] = 255 - rows[row][column] } }
    }

    /// As a PGM, 8 pixels a module.
    var pgm: Data {
        let scale = 8
        var data = Data("P5 \(rows[0].count * scale) \(rows.count * scale) 255\n".utf8)
        for row in rows {
            let wide = row.flatMap { [UInt8](repeating: $0, count: scale) }
            for _ in 0..<scale { data.append(contentsOf: wide) }
        }
        return data
    }
}

/// What zbarimg reads in `picture`; empty where it finds no code.
private func decode(_ picture: Picture, _ options: String...) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "claudemesh-qr-\(UUID().uuidString).pgm")
    try picture.pgm.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["zbarimg", "--raw", "-q", "-Sbinary"] + options + [file.path]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
}
