import CArchive
import CZstd
import Foundation
import Testing

/// The logs that these tests are about.
enum SampleLogs {
    /// The small log of EVENTS.md, section 6: an older plan written over a newer one, then deleted while active.
    static let a = """
        {"ts":"2025-10-20T06:47:17.000Z","actor":"a","role":"enactor","vc":{"p":4,"a":1},"event":"plan.checked","plan":4,"active":3}
        {"ts":"2025-10-20T06:47:58.001Z","actor":"a","role":"enactor","vc":{"p":4,"a":2},"event":"plan.applying","plan":4,"endpoint":"db.example"}
        {"ts":"2025-10-20T06:47:58.113Z","actor":"a","role":"enactor","vc":{"p":4,"a":3},"event":"plan.applied","plan":4,"endpoint":"db.example","replaces":9,"records":5}

        """
    static let b = """
        {"ts":"2025-10-20T06:47:55.870Z","actor":"b","role":"enactor","vc":{"p":9,"b":1},"event":"plan.checked","plan":9,"active":3}
        {"ts":"2025-10-20T06:47:56.211Z","actor":"b","role":"enactor","vc":{"p":9,"b":2},"event":"plan.applied","plan":9,"endpoint":"db.example","replaces":3,"records":6}
        {"ts":"2025-10-20T06:48:00.402Z","actor":"b","role":"enactor","vc":{"p":9,"b":3},"event":"plan.deleted","plan":4}
        {"ts":"2025-10-20T06:48:01.100Z","actor":"b","role":"enactor","vc":{"p":9,"b":4},"event":"plan.applied","plan":9,"endpoint":"db.example","outcome":"refused","error":"inconsistent state"}

        """

    /// Both, each in its file.
    static func small() throws -> Folder {
        let folder = try Folder()
        try folder.write(a, to: "bundle/enactor-a.log")
        try folder.write(b, to: "bundle/enactor-b.log")
        return folder
    }

    /// A log of one actor that writes plan after plan to some endpoints, all in order; no two lines are alike.
    static func orderly(_ lines: Int, actor: String = "c", endpoint: String = "web") -> String {
        var text = ""
        for index in 0..<lines {
            text +=
                #"{"ts":\#(1_760_942_800_000_000_000 + index * 1_000_000),"actor":"\#(actor)","vc":{"\#(actor)":\#(index + 1)},"#
                + #""event":"plan.applied","plan":\#(index / 10 + 1),"endpoint":"\#(endpoint)-\#(index % 10).example","latency_ms":\#(index % 97)}"#
                + "\n"
        }
        return text
    }
}

/// Archives of members with names that need not be good.
enum Archive {
    enum Kind { case tar, zip, zstd, gzip, bzip2, xz, lz4, tarZstd }

    /// One zstd frame with a checksum, which libarchive does not write.
    private static func frame(_ bytes: [UInt8]) -> [UInt8] {
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        var frame = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let size = ZSTD_compress2(context, &frame, frame.count, bytes, bytes.count)
        return Array(frame[..<size])
    }

    static func of(_ kind: Kind, _ members: [(name: String, text: String)]) throws -> [UInt8] {
        if kind == .zstd { return frame(members.flatMap { Array($0.text.utf8) }) }
        let writer = archive_write_new()
        defer { archive_write_free(writer) }
        switch kind {
        case .tar, .tarZstd: archive_write_set_format_pax_restricted(writer)
        case .zip: archive_write_set_format_zip(writer)
        case .gzip, .zstd, .bzip2, .xz, .lz4: archive_write_set_format_raw(writer)
        }
        switch kind {
        case .tar, .zip: archive_write_add_filter_none(writer)
        case .zstd, .tarZstd: archive_write_add_filter_zstd(writer)
        case .gzip: archive_write_add_filter_gzip(writer)
        case .bzip2: archive_write_add_filter_bzip2(writer)
        case .xz: archive_write_add_filter_xz(writer)
        case .lz4: archive_write_add_filter_lz4(writer)
        }
        var result = [UInt8](repeating: 0, count: members.reduce(1 << 20) { $0 + $1.text.utf8.count * 2 + 4096 })
        var used = 0
        try result.withUnsafeMutableBytes { target in
            try #require(archive_write_open_memory(writer, target.baseAddress, target.count, &used) == ARCHIVE_OK)
            for (name, text) in members {
                let bytes = Array(text.utf8)
                let entry = archive_entry_new()
                defer { archive_entry_free(entry) }
                archive_entry_set_pathname(entry, name)
                archive_entry_set_filetype(entry, 0o100000)
                archive_entry_set_perm(entry, 0o644)
                archive_entry_set_size(entry, la_int64_t(bytes.count))
                try #require(archive_write_header(writer, entry) >= ARCHIVE_WARN)
                try #require(archive_write_data(writer, bytes, bytes.count) == bytes.count)
            }
            try #require(archive_write_close(writer) == ARCHIVE_OK)
        }
        return Array(result[..<used])
    }
}

/// The findings of `--format json`, read as anybody would read them.
struct FindingsFile {
    let root: [String: Any]

    init(_ bytes: [UInt8]) throws {
        root = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any], "no JSON object")
    }

    var findings: [[String: Any]] { root["findings"] as? [[String: Any]] ?? [] }
    var counts: [String: Any] { root["counts"] as? [String: Any] ?? [:] }
    var quality: [String: Any] { root["quality"] as? [String: Any] ?? [:] }
    var events: Int { counts["events"] as? Int ?? -1 }
    var kinds: [String] { findings.compactMap { $0["kind"] as? String } }
    var ids: [String] { findings.compactMap { $0["id"] as? String } }
}
