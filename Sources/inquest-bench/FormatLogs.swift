import Foundation

/// Logs of other systems as `make bench` reads them: generated, the same bytes for the same number of records, one file each.
struct FormatLogs {
    /// A format whose reading is measured.
    enum Format: String, CaseIterable {
        case klog, logfmt, otlp, audit, cloudtrail, shiviz

        /// What it must reach on two cores, in megabytes of inflated input a second; nil where only memory is bounded.
        var target: Double? {
            switch self {
            case .klog, .logfmt, .otlp, .audit: 150
            case .shiviz: 40
            case .cloudtrail: nil
            }
        }

        /// Whether jq can read it.
        var isJSON: Bool { self == .otlp || self == .audit || self == .cloudtrail }
    }

    let folder: String

    /// The log of a format, which is made unless it is there.
    func file(_ format: Format, records: Int) throws -> String {
        let path = "\(folder)/\(format.rawValue)-\(records)/\(format.rawValue).log"
        if FileManager.default.fileExists(atPath: path) { return path }
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        // Renamed when it is whole: an interrupted run leaves none.
        let draft = path + ".part"
        guard FileManager.default.createFile(atPath: draft, contents: nil),
            let handle = FileHandle(forWritingAtPath: draft)
        else { throw BenchError(message: "cannot write \(draft)") }
        var random = SeededGenerator(seed: 1)
        var text = format == .cloudtrail ? "{\"Records\":[" : ""
        for index in 0..<records {
            text += Self.record(format, index, &random)
            if format == .cloudtrail, index + 1 < records { text += "," }
            if text.utf8.count > 1 << 20 {
                try handle.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try handle.write(contentsOf: Data((text + (format == .cloudtrail ? "]}" : "")).utf8))
        try handle.close()
        try FileManager.default.moveItem(atPath: draft, toPath: path)
        return path
    }

    private static func record(_ format: Format, _ index: Int, _ random: inout SeededGenerator) -> String {
        func number(_ limit: UInt64) -> UInt64 { random.next() % limit }
        let milliseconds = 1_751_360_400_000 + index * 20
        let second = milliseconds / 1000 % 86_400
        let clock = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
        let day = 1 + (milliseconds / 1000 - 1_751_328_000) / 86_400
        let date = "2025-07-\(two(day))"
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        let time = "\(date)T\(clock).\(fraction)Z"
        switch format {
        case .klog:
            let head = "\(time) I07\(two(day)) \(clock).\(fraction)000    2171 "
            switch index % 3 {
            case 0:
                return head
                    + "proxier.go:832] \"SyncProxyRules complete\" elapsed=\"\(100 + number(900)).\(100 + number(900))ms\" "
                    + "ipFamily=\"IPv4\" numServices=\(number(900))\n"
            case 1: return head + "reflector.go:12] Watch close - *v1.Service total \(number(1000)) items received\n"
            default:
                return head + "endpoints.go:77] \"Error syncing endpoints\" endpointSlice=\"shop/web-\(number(100))\" "
                    + "err=\"connection refused\" retries=\(number(5))\n"
            }
        case .logfmt:
            return "time=\"\(time)\" level=info msg=\"Update stored\" job=nightly-\(number(50)) namespace=lab "
                + "resourceVersion=\(7000 + index) duration=\(number(20)).\(100 + number(900))ms caller=controller.go:\(number(900))\n"
        case .otlp:
            return
                #"{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"#
                + #""scopeLogs":[{"scope":{"name":"x"},"logRecords":["#
                + (0..<8).map { part in
                    let name = ["order placed", "cache miss", "request done"][Int(number(3))]
                    return #"{"timeUnixNano":"\#(milliseconds + part)000000","severityNumber":9,"severityText":"INFO","#
                        + #""body":{"stringValue":"\#(name)"},"attributes":[{"key":"order","value":{"intValue":"\#(index)"}},"#
                        + #"{"key":"customer","value":{"stringValue":"c-\#(number(50))"}}],"#
                        + #""traceId":"\#(String(number(.max), radix: 16))","spanId":"\#(String(number(.max), radix: 16))"}"#
                }.joined(separator: ",") + "]}]}]}\n"
        case .audit:
            let name = "web-\(number(50))"
            return
                #"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"\#(index)","stage":"#
                + #""ResponseComplete","requestURI":"/apis/apps/v1/namespaces/shop/deployments/\#(name)","verb":"get","#
                + #""user":{"username":"system:node:n\#(number(9))","groups":["system:authenticated"]},"sourceIPs":["10.0.0.1"],"#
                + #""userAgent":"kubelet/v1.33 (linux/amd64)","objectRef":{"resource":"deployments","namespace":"shop","name":"\#(name)","#
                + #""apiGroup":"apps","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},"responseObject":{"metadata":{"#
                + #""name":"\#(name)","generation":\#(index),"resourceVersion":"\#(5000 + index)","managedFields":[{"manager":"x","#
                + #""operation":"Update","fieldsV1":{"f:spec":{"f:replicas":{}}}}]},"spec":{"replicas":3}},"requestReceivedTimestamp":"\#(time)","#
                + #""stageTimestamp":"\#(time)"}"# + "\n"
        case .cloudtrail:
            return
                #"{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::0:assumed-role/dns/a"},"#
                + #""eventTime":"\#(date)T\#(clock)Z","eventSource":"ec2.amazonaws.com","eventName":"DescribeInstances","#
                + #""awsRegion":"us-east-1","sourceIPAddress":"10.0.0.1","userAgent":"aws-sdk-go/1.44","requestParameters":{"#
                + #""filterSet":{"items":[{"name":"tag","valueSet":{"items":[{"value":"\#(number(900))"}]}}]}},"requestID":"r\#(index)","#
                + #""eventID":"e\#(index)","readOnly":true,"eventType":"AwsApiCall"}"#
        case .shiviz:
            let host = index % 4
            let clock = (0..<4).map { "\"node\($0)\":\(index / 4 + ($0 <= host ? 1 : 0))" }
            return
                "node\(host) {\(clock.filter { !$0.hasSuffix(":0") }.joined(separator: ", "))}\nhandles request \(number(9_000))\n"
        }
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
}

/// How fast logs of other systems are read, beside jq where it reads them too.
struct FormatBench {
    let inquest: String
    let logs: FormatLogs
    let rounds: Int

    /// Measures each format and prints a row of it.
    func run(_ formats: [FormatLogs.Format], records: Int) throws {
        print("formats                     MB  inquest s      MB/s    target  peak MiB      jq s")
        for format in formats {
            let file = try logs.file(format, records: format == .otlp ? records / 8 : records)
            let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
            let mine = try median([inquest, "analyze", "--quiet", file])
            let peer = format.isJSON ? try? median(["jq", "-c", ".", file]) : nil
            let rate = Double(size) / 1e6 / mine.wall
            let target = format.target.map { String(format: "%.0f", $0) } ?? "-"
            let name = format.rawValue.padding(toLength: 20, withPad: " ", startingAt: 0)
            print(
                name
                    + String(
                        format: "%10.1f %10.3f %9.1f %9@ %9.1f %9@", Double(size) / 1e6, mine.wall, rate,
                        target as NSString, Double(mine.peak) / 1_048_576,
                        (peer.map { String(format: "%.3f", $0.wall) } ?? "-") as NSString))
        }
    }

    private func median(_ command: [String]) throws -> ProcessRun {
        var runs: [ProcessRun] = []
        for _ in 0..<rounds { runs.append(try ProcessRun(command)) }
        runs.sort { $0.wall < $1.wall }
        return runs[runs.count / 2]
    }
}
