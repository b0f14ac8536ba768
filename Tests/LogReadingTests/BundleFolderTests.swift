import Foundation
import LogReading
import Testing

/// Which files the arguments lead to.
@Suite struct BundleFolderTests {
    let text = log(lines: 5)

    @Test func aFolderIsWalkedInTheOrderOfPaths() throws {
        let place = try Workplace()
        for name in ["b.log", "a/z.log", "a/b/c.log", "B.log", "a.log", ".hidden.log", ".git/x.log", "ä.log"] {
            try place.write(text, to: name)
        }
        #expect(try place.open().sources.map(\.path) == ["B.log", "a.log", "a/b/c.log", "a/z.log", "b.log", "ä.log"])
    }

    @Test func linksAreFollowedInsideTheBundleOnly() throws {
        let place = try Workplace()
        try place.write(text, to: "outside.log")
        try place.write(text, to: "bundle/a.log")
        try place.write(text, to: "bundle/.data/b.log")
        try place.link("bundle/b.log", to: ".data/b.log")
        try place.link("bundle/deep", to: ".data")
        try place.link("bundle/loop", to: ".")
        try place.link("bundle/up", to: "..")
        try place.link("bundle/out.log", to: "../outside.log")
        try place.link("bundle/gone.log", to: "nowhere")
        try place.link("bundle/self", to: "self")
        try place.link("bundle/.data/again", to: "../../bundle")
        let bundle = try place.open("bundle")
        #expect(bundle.sources.map(\.path) == ["a.log", "b.log"])
        #expect(
            bundle.passedOver.map { "\($0.path): \($0.reason)" } == [
                "deep/again: a symbolic link to ., which is read already", "deep/b.log: the same file as b.log",
                "gone.log: a symbolic link that leads nowhere", "loop: a symbolic link to ., which is read already",
                "out.log: a symbolic link that leads out of the bundle", "self: a symbolic link that leads nowhere",
                "up: a symbolic link that leads out of the bundle",
            ])
    }

    @Test func anArgumentItselfMayBeALink() throws {
        let place = try Workplace()
        try place.write(text, to: "real/a.log")
        try place.link("folder", to: "real")
        try place.link("file.log", to: "real/a.log")
        #expect(try place.open("folder").sources.map(\.path) == ["a.log"])
        #expect(try place.open("file.log").sources.map(\.path) == ["file.log"])
    }

    @Test func aFileIsReadOnceHoweverOftenItIsNamed() throws {
        let place = try Workplace()
        let path = try place.write(text, to: "d/a.log")
        try FileManager.default.linkItem(atPath: path, toPath: place.path + "/d/hard.log")
        let bundle = try place.open("d", "d/a.log", "d")
        #expect(bundle.sources.map(\.path) == ["\(place.path)/d/a.log"])
        #expect(bundle.passedOver.map(\.reason).allSatisfy { $0 == "the same file as \(place.path)/d/a.log" })
    }

    @Test func severalArgumentsAreToldApart() throws {
        let place = try Workplace()
        try place.write(text, to: "x/logs/a.log")
        try place.write(text, to: "y/logs/a.log")
        try place.write(text, to: "c.log")
        let bundle = try place.open("y/logs", "c.log", "x/logs")
        let root = place.path
        #expect(bundle.sources.map(\.path) == ["\(root)/x/logs/a.log", "\(root)/y/logs/a.log", "c.log"])
    }

    @Test func anOddNameIsStillOpened() throws {
        let place = try Workplace()
        for name in ["new\nline.log", "\u{1B}[31mred.log", "quo\"te.log", " .log"] { try place.write(text, to: name) }
        for byte: UInt8 in [0xFE, 0xFF] {
            let bad = Array((place.path + "/").utf8CString.dropLast()) + [CChar(bitPattern: byte), 0]
            let file = try #require(fopen(bad, "w"))
            fputs("{}\n", file)
            fclose(file)
        }
        let bundle = try place.open()
        #expect(bundle.sources.count == 6)
        #expect(
            bundle.sources.map(\.path).filter { $0.hasPrefix("\\x") } == [#"\xfe"#, #"\xff"#], "two names look alike")
        for source in bundle.sources { #expect(!inflated(source).isEmpty) }
    }

    @Test func whatCannotBeOpenedIsAnError() throws {
        let place = try Workplace()
        #expect { try place.open("missing") } throws: { ($0 as? BundleError)?.code == .noSuchFile }
        try place.write(text, to: "a.log")
        #expect { try place.open("a.log/b") } throws: { ($0 as? BundleError)?.code == .noSuchFile }
        try FileManager.default.createDirectory(atPath: place.path + "/void", withIntermediateDirectories: true)
        #expect { try place.open("void") } throws: { error in
            let error = error as? BundleError
            return error?.code == .nothingToRead && error?.message == "nothing to read in \(place.path)/void"
        }
        try place.write(Array("hello\n".utf8), to: "void/README")
        #expect { try place.open("void") } throws: { error in
            (error as? BundleError)?.hint == "README: text of a form that no profile knows"
        }
    }

    @Test(.enabled(if: getuid() != 0, "a superuser may read everything"))
    func whatMayNotBeReadIsDamageInsideAFolderOnly() throws {
        let place = try Workplace()
        try place.write(text, to: "a.log")
        let path = try place.write(text, to: "secret.log")
        chmod(path, 0)
        let bundle = try place.open()
        #expect(bundle.sources.map(\.path) == ["a.log"])
        #expect(bundle.damage.map(\.path) == ["secret.log"])
        #expect { try place.open("secret.log") } throws: { ($0 as? BundleError)?.code == .noPermission }
    }
}
