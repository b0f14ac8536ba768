import ArgumentParser
import CausalAnalysis
import EventModel
import Foundation
import LogReading

/// When to colour what is printed.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
}

/// What every command that reads a bundle takes.
struct BundleArguments: ParsableArguments {
    @Argument(help: "Log files, folders, tar or zip archives; - for standard input.", completion: .file())
    var bundle: [String]

    // Taken whatever they begin with: -90m and -07:00 are no options.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The zone in which times are shown: Z, +02:00, -07:00.", valueName: "offset"))
    var tz = "Z"
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Show from this time on: 2025-10-20T06:47, 06:47 of a bundle of one day, @1760942878, -90m (from the last event).",
            valueName: "time"))
    var since: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Show up to this time.", valueName: "time"))
    var until: String?

    @Flag(name: .shortAndLong, help: "No progress and no notes. Damage is always named.")
    var quiet = false
    @Option(help: "Colour: auto (on a terminal), always, never. NO_COLOR and CLICOLOR_FORCE are heeded.")
    var color = ColorChoice.auto

    @OptionGroup(title: "How logs are read") var reading: ReadingArguments
    @OptionGroup(title: "Profiles of logs") var profiles: ProfileArguments
    @OptionGroup(title: "Limits") var limits: LimitArguments

    func validate() throws {
        for (option, zone) in [("--tz", tz), ("--assume-tz", reading.assumeTz ?? "Z")] {
            do { _ = try TimeBound.zoneOffset(zone) } catch {
                throw Failure("\(option): \(error.message)", hint: error.hint)
            }
        }
        _ = try usual
        for bound in [since, until].compactMap({ $0 }) {
            do { _ = try TimeBound(bound) } catch { throw Failure(error) }
        }
    }

    /// Seconds east of UTC in which times are shown.
    var offset: Int { get throws(Failure) { try BundleArguments.zone(tz) } }

    private static func zone(_ text: String) throws(Failure) -> Int {
        do { return try TimeBound.zoneOffset(text) } catch { throw Failure(error) }
    }

    func readingOptions() throws(Failure) -> ReadingOptions {
        var options = ReadingOptions()
        options.maxLineLength = limits.maxLine
        options.maxDepth = limits.maxDepth
        options.maxWindow = limits.maxWindow
        options.maxInflatedSize = limits.maxSize
        options.spoolLimit = limits.spool
        options.assumedYear = profiles.assumeYear
        options.execution = profiles.execution
        options.profiles = try profiles.plans(assumesZone: reading.assumeTz != nil)
        if let assumeTz = reading.assumeTz { options.assumedZone = try BundleArguments.zone(assumeTz) }
        if let folder = ProcessInfo.processInfo.environment["TMPDIR"], !folder.isEmpty {
            options.temporaryFolder = folder
        }
        return options
    }

    var analysisOptions: AnalysisOptions {
        get throws(Failure) {
            var options = AnalysisOptions()
            options.order = orderOptions
            options.baseline = try usual
            options.shards = limits.shards
            return options
        }
    }

    private var usual: Baseline? {
        get throws(Failure) {
            guard let baseline = reading.baseline else { return nil }
            guard let dots = baseline.range(of: "..") else {
                throw Failure(
                    "--baseline: '\(baseline)' is not two times",
                    hint: "write from..to, such as 2025-10-20T05:00..2025-10-20T06:00, or -3h..-2h")
            }
            let zone = try offset
            do throws(TimeBound.Failure) {
                return Baseline(
                    from: try TimeBound(String(baseline[..<dots.lowerBound]), offset: zone),
                    to: try TimeBound(String(baseline[dots.upperBound...]), offset: zone))
            } catch {
                throw Failure(error)
            }
        }
    }

    var orderOptions: OrderOptions {
        var options = OrderOptions()
        options.maxSkew = Int64(reading.maxSkew) * Nanoseconds.second
        return options
    }

    var threadCount: Int { limits.threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount - 1) }

    /// What of the log's time is shown, once its span is known. Where that is nothing, says so.
    func window(of span: ClosedRange<Timestamp>?) throws(Failure) -> TimeWindow {
        let last = span?.upperBound ?? Timestamp(nanoseconds: 0)
        let texts = (self.since, self.until)
        let (since, until) = try (bound(since), bound(until))
        if let span {
            for (text, bound) in [(texts.0, since), (texts.1, until)] where bound?.isOpen(within: span) ?? false {
                throw Failure(TimeBound.Failure.withoutDay(text ?? ""))
            }
        }
        let window = try BundleArguments.window(since?.resolved(lastEvent: last), until?.resolved(lastEvent: last))
        if let span, !quiet {
            tell(window, beyond: span, offset: try offset)
            if let baseline = try usual?.range(lastEvent: last), !baseline.overlaps(span) {
                note(
                    "--baseline lies outside of the logs: the quiet part of each series was used instead", span,
                    try offset)
            }
        }
        return window
    }

    /// The same before it is known: the bounds that are moments, and how long before the last event it begins.
    var windowAhead: (window: TimeWindow, last: Int64?) {
        get throws(Failure) {
            let (since, until) = try (bound(since), bound(until))
            return (try BundleArguments.window(since?.moment, until?.moment), since?.spanBeforeLastEvent)
        }
    }

    /// Whether what is shown depends on the time of the last event.
    var countsFromEnd: Bool {
        get throws(Failure) { try [bound(since), bound(until)].contains { $0.map { $0.moment == nil } ?? false } }
    }

    private func bound(_ text: String?) throws(Failure) -> TimeBound? {
        guard let text else { return nil }
        let zone = try offset
        do throws(TimeBound.Failure) { return try TimeBound(text, offset: zone) } catch { throw Failure(error) }
    }

    private static func window(_ since: Timestamp?, _ until: Timestamp?) throws(Failure) -> TimeWindow {
        do throws(TimeBound.Failure) {
            return try TimeWindow(since: since, until: until)
        } catch {
            throw Failure(error)
        }
    }

    private func tell(_ window: TimeWindow, beyond span: ClosedRange<Timestamp>, offset: Int) {
        let text: String
        if let since = window.since, since > span.upperBound {
            text = "--since \(since.rfc3339(offset: offset)) lies behind the logs' end: nothing is shown"
        } else if let until = window.until, until < span.lowerBound {
            text = "--until \(until.rfc3339(offset: offset)) lies before the logs' beginning: nothing is shown"
        } else {
            return
        }
        note(text, span, offset)
    }

    private func note(_ text: String, _ span: ClosedRange<Timestamp>, _ offset: Int) {
        let (first, last) = (span.lowerBound.rfc3339(offset: offset), span.upperBound.rfc3339(offset: offset))
        Console.standard.note("inquest", "note", text, hint: "the logs span \(first) to \(last)")
    }
}

extension TimeBound {
    /// The moment that it is; nil where that depends on the last event.
    fileprivate var moment: Timestamp? {
        if case .moment(let moment) = self { moment } else { nil }
    }

    /// How long before the last event it is; nil of a moment.
    fileprivate var spanBeforeLastEvent: Int64? {
        if case .beforeLastEvent(let span) = self { span } else { nil }
    }
}

extension TimeWindow {
    /// The same as a range; nil for all of time.
    var range: ClosedRange<Timestamp>? {
        if self == .all { return nil }
        return (since ?? Timestamp(nanoseconds: .min))...(until ?? Timestamp(nanoseconds: .max))
    }
}
