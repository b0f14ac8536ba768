import Testing

/// Memory grows with what there is, not with its square: measured at some number and at four times as many.
@Suite struct LinearGrowthTests {
    @Test("four times as many take about four times the memory", arguments: GrowingLogs.allCases)
    func memory(_ log: GrowingLogs) throws {
        let folder = try Folder()
        try folder.write(log.log(1), to: "one/a.log")
        try folder.write(log.log(log.count), to: "some/a.log")
        try folder.write(log.log(4 * log.count), to: "many/a.log")
        for command in ["analyze", "check"] {
            let one = try Program.peak([command, "one", "--threads", "1"], in: folder)
            let some = try Program.peak([command, "some", "--threads", "1"], in: folder) - one
            let many = try Program.peak([command, "many", "--threads", "1"], in: folder) - one
            // By their square it would be sixteen times; buffers that double in size may stand on either side of a step.
            let most = 6 * max(some, 4 << 20)
            #expect(
                many <= most, "\(command): \(some >> 10) KiB for \(log.count), \(many >> 10) KiB for four times as many"
            )
        }
    }
}
