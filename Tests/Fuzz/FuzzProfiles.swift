import EventModel
@testable import LogReading

/// Whatever bytes a log holds: what a profile makes of them does not depend on where they are cut, and its text is a log of our own
/// format with as many events. The first byte chooses the profile.
func fuzzCodecs(_ input: UnsafeRawBufferPointer) {
    guard let choice = input.first else { return }
    let plans = BuiltInProfiles.all
    let plan = plans[Int(choice) % plans.count]
    var options = ReadingOptions()
    options.maxLineLength = 2048
    options.maxDepth = 16
    options.assumedZone = 0
    options.assumedYear = 2025
    let log = Array(input.dropFirst())
    let whole = read([log], plan, options)
    checkColumns(whole.last)
    let cut = log.count / 2
    let halves = read([Array(log[..<cut]), Array(log[cut...])], plan, options)
    check(halves.digests == whole.digests, "\(plan.name): a cut changes what is read")
    check(halves.malformed == whole.malformed, "\(plan.name): a cut changes what is malformed")
    check(halves.text == whole.text, "\(plan.name): a cut changes the text")
    var native = ReadingOptions()
    native.maxLineLength = 1 << 20
    guard let decoder = RecordDecoder(native) else { return }
    var block = decoder.poisonedBlock(whole.text)
    var batch = EventBatch()
    decoder.decode(&block, into: &batch, keepingText: false)
    check(
        batch.count == whole.digests.count, "\(plan.name): \(whole.digests.count) events are written as \(batch.count)")
}

private struct ProfileReading: ~Copyable {
    var digests: [UInt64] = []
    var malformed: UInt64 = 0
    var text: [UInt8] = []
    var last = EventBatch()
}

private func read(_ blocks: [[UInt8]], _ plan: Plan, _ options: ReadingOptions) -> ProfileReading {
    let decoder = ProfileDecoder(plan, path: SourceName(path: "a/b.log"), options)
    var reading = ProfileReading()
    for (number, bytes) in blocks.enumerated() {
        var block = RawBlock()
        block.bytes = bytes
        block.used = bytes.count
        var batch = EventBatch()
        decoder.decode(block, isLast: number == blocks.count - 1, into: &batch, keepingText: true)
        for row in 0..<batch.count {
            reading.digests.append(batch.digest[row])
            reading.text += batch.text[batch.textRange(at: row)] + [0x0A]
        }
        reading.malformed += batch.faultCounts.reduce(0) { $0 + ($1.key.isMalformed ? $1.value : 0) }
        reading.last = batch
    }
    return reading
}

/// Whatever text a profile is: it compiles, or an error says where it does not.
func fuzzProfiles(_ input: UnsafeRawBufferPointer) {
    do throws(ProfileError) {
        let plan = try Plan(yaml: String(decoding: input, as: UTF8.self), file: "p.yaml")
        _ = ProfileTest.mismatches(of: plan)
    } catch {
        check(!error.message.isEmpty && error.file == "p.yaml", "an error without words")
    }
}
