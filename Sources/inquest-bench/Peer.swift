import Foundation

/// A program that answers the same questions, by a script in Peers/.
struct Peer {
    let name: String
    /// Prints the program's version.
    let version: [String]
    /// The script that asks it, with what runs it. A question, an endpoint and the files follow.
    let script: [String]

    /// All that are known, installed or not.
    /// - Parameters:
    ///   - folder: where `make bench-peers` installs them.
    ///   - scripts: the folder Peers/.
    static func all(folder: String, scripts: String) -> [Peer] {
        let python = folder + "/python/bin/python"
        let unpacked = folder + "/debian/usr"
        let environment = [
            "env", "PATH=\(ProcessInfo.processInfo.environment["PATH"] ?? ""):\(unpacked)/bin",
            "LD_LIBRARY_PATH=\(unpacked)/lib/x86_64-linux-gnu",
        ]
        func package(_ name: String, _ module: String, _ script: String) -> Peer {
            Peer(
                name: name, version: [python, "-c", "import \(module); print(\(module).__version__)"],
                script: [python, "\(scripts)/\(script)"])
        }
        return [
            package("DuckDB", "duckdb", "peer-duckdb.py"), package("ClickHouse (chdb)", "chdb", "peer-clickhouse.py"),
            package("polars", "polars", "peer-polars.py"),
            Peer(
                name: "jq", version: environment + ["jq", "--version"],
                script: environment + ["sh", "\(scripts)/peer-jq.sh"]),
            Peer(
                name: "lnav", version: environment + ["lnav", "-V"],
                script: environment + ["sh", "\(scripts)/peer-lnav.sh"]),
        ]
    }
}
