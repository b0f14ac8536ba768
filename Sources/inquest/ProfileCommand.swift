import ArgumentParser
import EventModel
import Foundation
import LogReading
import Reporting

/// `inquest profile`: profiles, which map logs of other systems onto our events.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Profiles, by which logs of other systems are read: list, show, schema, test, explain, draft.",
        subcommands: [List.self, Show.self, Schema.self, Test.self, Explain.self, Draft.self])

    /// `inquest profile list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the built-in profiles.")

        func run() throws {
            let width = BuiltInProfiles.all.map(\.name.count).max() ?? 0
            for plan in BuiltInProfiles.all {
                let name = plan.name + String(repeating: " ", count: width - plan.name.count)
                try Console.standard.output("\(name)  \(plan.title)\n")
            }
        }
    }

    /// `inquest profile show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a built-in profile's file, to copy and change.")
        @Argument(help: "The profile's name.")
        var name: String

        func run() throws {
            guard let text = BuiltInProfiles.text(of: name) else {
                let meant = Suggestion.nearest(name, among: BuiltInProfiles.all.map { ($0.name, 0) })
                throw Failure(
                    "no built-in profile is called '\(name)'." + (meant.map { " Did you mean \($0.name)?" } ?? ""),
                    hint: "inquest profile list shows them")
            }
            try Console.standard.output(text)
        }
    }

    /// `inquest profile schema`.
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the JSON Schema of profiles, by which editors check and complete them.",
            discussion:
                "Save it as profile.schema.json, and begin a profile with the line # yaml-language-server: $schema=profile.schema.json"
        )

        func run() throws { try Console.standard.output(BuiltInProfiles.schema) }
    }

    /// `inquest profile test`.
    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a profile, and run it over its samples: status 0 where all become what they say.")
        @Argument(help: "The profile's file.")
        var file: String

        func run() throws {
            let plan = try ProfileArguments.plan(file)
            let mismatches = ProfileTest.mismatches(of: plan)
            for mismatch in mismatches {
                Console.standard.note("\(file):\(mismatch.line)", "error", mismatch.message)
            }
            if !mismatches.isEmpty {
                throw Failure(
                    "\(file): \(Figures.count(mismatches.count, "difference")) between its samples and what it makes of them",
                    status: .found)
            }
            try Console.standard.output(VisibleText.cell("\(plan.name): all samples are right") + "\n")
        }
    }

    /// `inquest profile explain`.
    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show field by field what a line becomes, and where each value comes from.")
        @Argument(help: "The log.")
        var log: String
        @Argument(help: "The line's number, from 1; of logs whose lines hold several records, the record's.")
        var line: Int
        @OptionGroup var profiles: ProfileArguments

        func run() throws {
            var options = ReadingOptions()
            options.profiles = try profiles.plans()
            options.assumedYear = profiles.assumeYear
            let source = try Self.source(log, options)
            guard case .profile(let plan) = source.format else {
                throw Failure("\(source.path) is of our own format: its fields are what they are called")
            }
            let report: [String]
            do throws(ReadFault) {
                report = try LineExplanation(plan, source, options).report(of: line)
            } catch {
                throw Failure("\(source.path): \(error.message)", hint: error.hint, status: .damaged)
            }
            try Console.standard.output(report.map { VisibleText.cell($0) + "\n" }.joined())
        }

        /// The log that an argument is.
        static func source(_ path: String, _ options: ReadingOptions) throws(Failure) -> LogSource {
            let bundle: LogReading.Bundle
            do throws(BundleError) {
                bundle = try LogReading.Bundle.open(paths: [path], options: options)
            } catch {
                throw Failure(error)
            }
            guard let source = bundle.sources.first else {
                throw Failure("\(path): no log is there", status: .nothingUsable)
            }
            return source
        }
    }

    /// `inquest profile draft`.
    struct Draft: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a first profile for a log that none reads, from its first lines: it runs at once.",
            discussion:
                "Save what it prints as a .yaml file, try it with analyze --profile FILE LOG, and say what the messages mean."
        )
        @Argument(help: "The log.")
        var log: String

        func run() throws {
            var options = ReadingOptions()
            options.opensUnknown = true
            options.assumedYear = Calendar(identifier: .gregorian).component(.year, from: Date())
            let source = try Explain.source(log, options)
            let text: String
            do throws(ProfileDraft.Failure) { text = try ProfileDraft(source, options).yaml() } catch {
                throw Failure(error.message, hint: error.hint, status: .nothingUsable)
            }
            try Console.standard.output(text)
        }
    }
}
