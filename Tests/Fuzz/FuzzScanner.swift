/// Whatever lines a block holds: the scanner of ordinary lines sees in them what simdjson sees.
func fuzzScanner(_ input: UnsafeRawBufferPointer) {
    guard var both = ScannerAndJudge() else { return }
    let result = both.read(input.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init))
    check(!result.isDifferent, "the scanner reads otherwise than simdjson: \(result.scanned) \(result.judged)")
}
