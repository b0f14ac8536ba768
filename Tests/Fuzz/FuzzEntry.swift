import Glibc

/// The fuzzers: each takes any bytes, gives them to something that reads bytes, and checks what must hold of every input.
///
/// libFuzzer has the main function; it looks for inputs that reach new code. `make fuzz` runs each of these over its kept
/// corpus in Tests/Fuzz/Corpus.
let fuzzers: [(name: String, run: @Sendable (UnsafeRawBufferPointer) -> Void)] = [
    ("frames", fuzzFrames), ("containers", fuzzContainers), ("records", fuzzRecords), ("scanner", fuzzScanner),
    ("order", fuzzOrder),
    ("times", fuzzTimes), ("globs", fuzzGlobs), ("codecs", fuzzCodecs), ("profiles", fuzzProfiles),
    ("markdown", fuzzMarkdown),
]

/// The fuzzer that the environment names.
private let chosen = {
    let name = getenv("INQUEST_FUZZER").map { String(cString: $0) } ?? ""
    guard let fuzzer = fuzzers.first(where: { $0.name == name }) else {
        fail("INQUEST_FUZZER is none of: " + fuzzers.map(\.name).joined(separator: " "))
    }
    return fuzzer.run
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    chosen(UnsafeRawBufferPointer(start: start, count: count))
    return 0
}

/// Ends the run where something does not hold: libFuzzer keeps the input.
func check(_ holds: Bool, _ words: @autoclosure () -> String) {
    if !holds { fail(words()) }
}

private func fail(_ words: String) -> Never {
    let line = Array((words + "\n").utf8)
    _ = write(2, line, line.count)
    abort()
}
