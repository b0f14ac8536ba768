import CReportPage

/// The file `report.html`: one page that needs nothing beside itself, neither network nor other files.
///
/// Nothing of a log stands in its markup. The data lies deflated in a script tag of a type that no browser runs; the page's
/// script makes texts of it, never elements or attributes. The policy names script and style by their digests and forbids
/// all else.
package enum ReportPageFile {
    /// Why a page could not be written.
    package enum Failure: Error, Sendable {
        /// There was no memory to compress its data.
        case outOfMemory
    }

    /// Gives the file's bytes out piece by piece.
    package static func write(_ page: ReportPage, emit: ([UInt8]) throws -> Void) throws {
        let style = text(report_page_style)
        let script = Array("'use strict';\n(() => {\n".utf8) + text(report_page_script) + Array("})();\n".utf8)
        let policy =
            "default-src 'none'; script-src \(source(script)); style-src \(source(style)); "
            + "base-uri 'none'; form-action 'none'"
        let deflated: [UInt8]
        do {
            deflated = try Deflater.deflate(PageData.write(page))
        } catch {
            throw Failure.outOfMemory
        }
        let parts = [
            ("policy", Array(policy.utf8)), ("style", style), ("data", Base64.encode(deflated)), ("script", script),
        ]
        var frame = text(report_page_frame)[...]
        for (slot, content) in parts {
            let mark = Array("{{\(slot)}}".utf8)
            guard let at = frame.firstIndex(of: mark) else { continue }
            try emit(Array(frame[..<at]))
            try emit(content)
            frame = frame[(at + mark.count)...]
        }
        try emit(Array(frame))
    }

    /// How a policy names a text that may run or style the page.
    private static func source(_ text: [UInt8]) -> String {
        "'sha256-" + String(decoding: Base64.encode(SHA256.digest(text)), as: UTF8.self) + "'"
    }

    /// One of the page's own files.
    private static func text(_ file: (UnsafeMutablePointer<Int>?) -> UnsafePointer<UInt8>?) -> [UInt8] {
        var length = 0
        // Unsafe: the file is a constant of the program, as long as `length` says.
        return Array(UnsafeBufferPointer(start: file(&length), count: length))
    }
}

extension ArraySlice<UInt8> {
    /// Where a text begins in it.
    fileprivate func firstIndex(of text: [UInt8]) -> Int? {
        indices.first { at in at + text.count <= endIndex && self[at..<at + text.count].elementsEqual(text) }
    }
}
