import ArgumentParser
import EventIndex
import EventModel
import Foundation

/// What shells complete from the bundle that is on the command line: from its index, which takes milliseconds to open; nothing without one.
enum BundleCompletions {
    /// The names that events have.
    static func names(_ criterion: EventFilter.Criterion) -> CompletionKind {
        .custom { words, _, prefix in
            guard let names = try? index(words)?.names(criterion) else { return [] }
            return shown(names.map(\.name), prefix)
        }
    }

    /// The labels of findings.
    static var findings: CompletionKind {
        .custom { words, _, prefix in
            guard let findings = try? index(words)?.findings() else { return [] }
            return shown(Set(findings.map(\.number)).sorted().map { "F\($0)" }, prefix)
        }
    }

    /// The names of saved queries.
    static var saved: CompletionKind { .custom { _, _, prefix in shown(SavedQueryRun.folders.names(), prefix) } }

    /// A shell would take apart, or obey, what has such characters.
    private static func shown(_ names: [String], _ prefix: String) -> [String] {
        names.filter { name in
            name.hasPrefix(prefix)
                && name.unicodeScalars.allSatisfy {
                    $0.properties.isAlphabetic || $0.properties.numericType != nil
                        || "._-/@+".unicodeScalars.contains($0)
                }
        }
    }

    /// The index of the first word that is a bundle with one.
    private static func index(_ words: [String]) -> BundleIndex? {
        let folder = words.firstIndex(of: "--index-dir").flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
        for word in words where FileManager.default.fileExists(atPath: word) {
            guard let input = try? BundleArguments.parse([word]), let reading = try? input.readingOptions(),
                let location = IndexLocation(bundle: [word], directory: folder),
                let index = try? BundleIndex.open(location, reading: reading, options: input.indexOptions)
            else { continue }
            return index
        }
        return nil
    }
}
