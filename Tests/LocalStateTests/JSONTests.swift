// JSON as our files hold it: read strictly, written for people, nothing lost on the way.

import Foundation
import TestSupport
import Testing

@testable import LocalState

struct JSONTests {
    @Test(arguments: [
        "null", "true", "[false]", "0", "-0", "12.50", "1e9", "1E+2", "-1.5e-7", "123456789012345678901234567890",
        #""""#,
        #""a\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t""#, "[]", "{}", " [ 1 , 2 ] ", #"{"a":{"b":[{"c":null}]}}"#,
        "\u{FEFF}1", "\t\r\n{\"ñ\": \"漢字 👩‍👩‍👧\"}\n", #"{"a":1,"a":2}"#,
    ])
    func whatIsJSONIsRead(text: String) throws {
        let value = try JSONReader.read(text.utf8)
        // Foundation's own reader agrees on what it means.
        let theirs = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        var wrapper = JSONObject()
        wrapper["x"] = value
        let written = try JSONSerialization.jsonObject(with: Data(JSONWriter.write(wrapper)))
        #expect(((written as? NSDictionary)?["x"] as? NSObject) == (theirs as? NSObject))
    }

    @Test(arguments: [
        "", " ", "nul", "truex", "01", "1.", ".5", "-", "+1", "1e", "0x1", "NaN", "Infinity", "'a'", #""a"#, "\"a\nb\"",
        #""\x""#,
        #""\u12""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "[1,]", "[,1]", "[1 2]", "[1", "{\"a\"}",
        "{\"a\":}", "{a:1}",
        "{\"a\":1,}", "{\"a\":1", "1 2", "{} x", "// c\n1", "1\u{FEFF}", "\u{0}",
    ])
    func whatIsNoneIsRefused(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONReader.read(text.utf8) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        for bytes: [UInt8] in [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0x5C, 0x22, 0xFF, 0x22],
        ] {
            #expect(throws: JSONSyntaxError.self) { try JSONReader.read(bytes) }
        }
    }

    @Test func depthHasAnEnd() throws {
        _ = try JSONReader.read((String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).utf8)
        #expect(throws: JSONSyntaxError.self) {
            try JSONReader.read((String(repeating: "[", count: 65) + String(repeating: "]", count: 65)).utf8)
        }
        #expect(throws: JSONSyntaxError.self) {
            try JSONReader.read(String(repeating: "{\"a\":", count: 1_000_000).utf8)
        }
    }

    @Test func aTextThatEndsAnywhereIsReadAsFarAsItGoes() {
        let text = #"{"version":1,"list":[{"a":"x\"{"},7,{"a":"ñ"},{"a":[1,{"b":2}]}],"more":[{}]}"#
        let whole = JSONReader.firstObjects(of: "list", in: Array(text.utf8))
        #expect(whole.count == 3 && whole[1][string: "a"] == "ñ")
        var most = 0
        for length in 0..<text.utf8.count {
            let found = JSONReader.firstObjects(of: "list", in: Array(text.utf8.prefix(length)))
            #expect(found == Array(whole.prefix(found.count)) && found.count >= most)
            most = found.count
        }
        #expect(JSONReader.firstObjects(of: "version", in: Array(text.utf8)).isEmpty)
        #expect(JSONReader.firstObjects(of: "other", in: Array(text.utf8)).isEmpty)
    }

    @Test func noCutTextIsJSON() throws {
        let text = #"{"version":1,"token":"cm_pat_x","user":{"id":"u","name":"A\u00e9"},"list":[1,2.5,true,null]}"#
        _ = try JSONReader.read(text.utf8)
        for length in 0..<text.utf8.count {
            #expect(throws: JSONSyntaxError.self) { try JSONReader.read(text.utf8.prefix(length)) }
        }
    }

    @Test func anyObjectSurvives() throws {
        var random = Random(seed: 7)
        for _ in 0..<300 {
            let object = Self.object(&random, depth: 0)
            let bytes = JSONWriter.write(object)
            #expect(try JSONReader.read(bytes) == .object(object))
            _ = try JSONSerialization.jsonObject(with: Data(bytes))
        }
    }

    @Test func itIsWrittenForPeople() throws {
        let text =
            #"{"version":1,"user":{"id":"u","of":{"x":[1]}},"meshes":[{"id":"a","n":1},{"id":"b"}],"none":[],"e":{}}"#
        let object = try #require(try JSONReader.read(text.utf8).object)
        #expect(
            String(decoding: JSONWriter.write(object), as: UTF8.self) == """
                {
                  "version": 1,
                  "user": {
                    "id": "u",
                    "of": {"x": [1]}
                  },
                  "meshes": [
                    {"id": "a", "n": 1},
                    {"id": "b"}
                  ],
                  "none": [],
                  "e": {}
                }

                """)
    }

    @Test func aKeyIsSetInItsPlace() {
        var object = JSONObject()
        object[string: "a"] = "1"
        object[int: "b"] = 2
        object.members.append(.init(key: "a", value: .null))
        #expect(object["a"] == .null, "the last one counts")
        object[string: "a"] = "3"
        #expect(object.members.map(\.key) == ["a", "b"])
        object["a"] = nil
        #expect(object.members.map(\.key) == ["b"])
    }

    private static func object(_ random: inout Random, depth: Int) -> JSONObject {
        var object = JSONObject()
        for index in 0..<Int.random(in: 0..<5, using: &random) {
            object["k\(index)\(text(&random))"] = value(&random, depth: depth)
        }
        return object
    }

    private static func value(_ random: inout Random, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth < 4 ? 6 : 4), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .number(["0", "-1.5", "1e20", "99999999999999999999"][Int.random(in: 0..<4, using: &random)])
        case 3: .string(text(&random))
        case 4: .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default: .object(object(&random, depth: depth + 1))
        }
    }

    private static func text(_ random: inout Random) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            let scalars: [ClosedRange<UInt32>] = [
                0...0x7F, 0x20...0x7E, 0x80...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF,
            ]
            let range = scalars[Int.random(in: 0..<5, using: &random)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
