import FoundationEssentials
import Localization
import Testing

@Suite struct LanguageTests {
    @Test(arguments: [
        ("es", Language.es), ("es_ES.UTF-8", .es), ("ES-mx", .es), ("en", .en), ("C", .en), ("C.UTF-8", .en),
        ("POSIX", .en), ("fr_FR", nil), ("", nil), ("esperanto", nil), ("español", nil),
    ]) func tags(_ tag: String, _ language: Language?) {
        #expect(Language(tag: tag) == language)
    }

    @Test func theFirstThatIsSetDecides() {
        let all = ["CLAUDEMESH_LANG": "es", "LC_ALL": "en_US", "LC_MESSAGES": "es_ES", "LANG": "es_ES"]
        #expect(Language.choose(flag: "en", environment: all, config: "es") == .en)
        #expect(Language.choose(flag: nil, environment: all, config: "en") == .es)
        #expect(Language.choose(flag: nil, environment: ["LANG": "en"], config: "es") == .es)
        #expect(Language.choose(flag: nil, environment: ["LC_ALL": "C", "LANG": "es_ES"], config: nil) == .en)
        #expect(Language.choose(flag: nil, environment: ["LC_ALL": "", "LC_MESSAGES": "es"], config: nil) == .es)
        #expect(Language.choose(flag: nil, environment: ["LANG": "es_AR.UTF-8"], config: nil) == .es)
        #expect(Language.choose(flag: nil, environment: ["LANG": "fr_FR"], config: nil) == .en)
        #expect(Language.choose(flag: "xx", environment: ["CLAUDEMESH_LANG": "?", "LANG": "es"], config: "q") == .es)
        #expect(Language.choose(flag: nil, environment: [:], config: nil) == .en)
    }
}

@Suite struct StringsTests {
    let en = Strings(.en)
    let es = Strings(.es)

    @Test func placeholdersAndPlurals() {
        #expect(en[.signIn] == "Sign in")
        #expect(es[WizardText.signIn] == "Iniciar sesión")
        #expect(en(.memberCount, count: 1) == "1 member")
        #expect(en(.memberCount, count: 3000) == "3,000 members")
        #expect(es(.memberCount, count: 0) == "0 miembros")
        #expect(es(.countOf, ["n": "4", "m": es.number(12_000)]) == "4 de 12.000")
        #expect(en(ErrorText.notSignedIn, ["host": "{host} {n}"]) == "Not signed in to {host} {n}")
        #expect(en(.joinMesh) == "Join {mesh}")
    }

    @Test func numbers() {
        #expect([0, 999, 1000, 1_234_567].map(en.number) == ["0", "999", "1,000", "1,234,567"])
        #expect([0, 999, 1000, 12_345, 1_234_567].map(es.number) == ["0", "999", "1000", "12.345", "1.234.567"])
    }

    @Test func datesInTheZoneOfTheReader() throws {
        let now = Date(timeIntervalSince1970: 1_763_467_200)  // 2025-11-18 12:00 UTC
        let evening = Date(timeIntervalSince1970: 1_763_402_640)  // 2025-11-17 18:04 UTC
        #expect(en.date(now, now: now, offset: 0) == "18 Nov")
        #expect(es.date(Date(timeIntervalSince1970: 1_804_075_200), now: now, offset: 0) == "3 mar 2027")
        #expect(en.dayAndTime(evening, now: now, offset: 0) == "yesterday 18:04")
        #expect(es.dayAndTime(evening, now: now, offset: 6 * 3600) == "hoy 00:04")
        #expect(en.dayAndTime(evening, now: now, offset: -20 * 3600) == "yesterday 22:04")
        #expect(en.date(Date(timeIntervalSince1970: 951_782_400), now: now, offset: 0) == "29 Feb 2000")
        #expect(en.date(Date(timeIntervalSince1970: -1), now: now, offset: 0) == "31 Dec 1969")
        #expect(en.date(.distantFuture, now: now, offset: 0) == "1 Jan 4001")
        #expect(en.date(Date(timeIntervalSince1970: .infinity), now: now, offset: 0) == "31 Dec 9999")
    }

    @Test func spans() {
        #expect(en.until(seconds: 6 * 86_400 + 5) == "in 6 days")
        #expect(en.until(seconds: 7 * 86_400 - 1) == "in 7 days")
        #expect(en.until(seconds: 2 * 86_400 - 1) == "in 2 days")
        #expect(en.until(seconds: 3600 - 1) == "in 1 hour")
        #expect(en.until(seconds: 86_400) == "in 24 hours")
        #expect(es.until(seconds: 3600) == "en 1 hora")
        #expect(en.until(seconds: -4) == "in 1 minute")
        #expect(en.countdown(590) == "9:50")
        #expect(en.countdown(-1) == "0:00")
    }
}
