import EventModel

/// Findings as SARIF 2.1.0: a rule for each kind, a result for each row of findings.
package enum SARIFReport {
    package static func write(_ pipeline: PipelineReport, emit: ([UInt8]) throws -> Void) rethrows {
        var json = JSONWriter()
        json.object { json in
            json.field("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            json.field("version", "2.1.0")
            json.key("runs")
            json.array { json in
                json.object { json in
                    json.key("tool")
                    json.object { json in
                        json.key("driver")
                        json.object { json in
                            json.field("name", "inquest")
                            json.field("version", pipeline.version)
                            json.key("rules")
                            json.array { json in for traits in KindTraits.all { write(traits, to: &json) } }
                        }
                    }
                    json.key("invocations")
                    json.array { json in
                        json.object {
                            $0.field("executionSuccessful", pipeline.exit < 2)
                            $0.field("exitCode", pipeline.exit)
                        }
                    }
                    json.key("results")
                    json.array { json in for group in pipeline.groups { write(group, pipeline, to: &json) } }
                }
            }
        }
        json.finish()
        try json.drain(to: emit)
    }

    private static func write(_ traits: KindTraits, to json: inout JSONWriter) {
        json.object { json in
            json.field("id", traits.kind.rawValue)
            json.key("shortDescription")
            json.object { $0.field("text", traits.kind.rawValue.replacing("-", with: " ")) }
            json.key("defaultConfiguration")
            json.object { $0.field("level", level(traits.severity)) }
        }
    }

    private static func write(_ group: FindingGroup, _ pipeline: PipelineReport, to json: inout JSONWriter) {
        json.object { json in
            json.field("ruleId", group.kind.rawValue)
            json.field("ruleIndex", KindTraits.all.firstIndex { $0.kind == group.kind } ?? -1)
            json.field("level", level(group.severity))
            json.key("message")
            json.object { $0.field("text", pipeline.sentence(group)) }
            json.key("locations")
            json.array { json in
                guard let place = pipeline.place(group) else { return }
                json.object { json in
                    json.key("physicalLocation")
                    json.object { json in
                        json.key("artifactLocation")
                        json.object { $0.field("uri", uri(place.file)) }
                        json.key("region")
                        json.object { $0.field("startLine", place.line) }
                    }
                }
            }
            json.key("partialFingerprints")
            json.object { $0.field("inquestFinding/v1", pipeline.list.ids[group.representative]) }
            json.key("properties")
            json.object {
                $0.field("severity", group.severity.name)
                $0.field("confidence", group.confidence.name)
                $0.field("findings", group.members.count)
            }
        }
    }

    private static func level(_ severity: Finding.Severity) -> String {
        switch severity {
        case .critical, .high: "error"
        case .medium: "warning"
        case .info: "note"
        }
    }

    /// A path as a relative reference (RFC 3986).
    private static func uri(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return path.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(UnicodeScalar(byte))
            case _ where "-._~/!".utf8.contains(byte): String(UnicodeScalar(byte))
            default: "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }.joined()
    }
}
