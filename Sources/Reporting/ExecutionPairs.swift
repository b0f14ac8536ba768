import EventModel
import LogReading

/// The counts of an execution's pairs, for people and for programs.
package struct ExecutionPairs {
    package let execution: ExecutionLog.Execution
    package let order: ExecutionOrder
    package let log: String

    /// Compares the events of an execution.
    package init(_ execution: ExecutionLog.Execution, log: String) {
        self.execution = execution
        self.log = log
        order = ExecutionOrder(execution)
    }

    private var hosts: Int { Set(execution.events.map(\.host)).count }

    /// A table.
    package static func text(_ all: [ExecutionPairs]) -> String {
        all.map { pairs in
            let name = pairs.log + (pairs.execution.label.isEmpty ? "" : " · " + pairs.execution.label)
            return VisibleText.cell(
                "\(name): \(Figures.count(pairs.execution.events.count, "event")) of \(Figures.count(pairs.hosts, "host")), "
                    + "\(Figures.grouped(pairs.order.ordered)) pairs ordered, \(Figures.grouped(pairs.order.concurrent)) concurrent, "
                    + "\(Figures.grouped(pairs.order.directEdges)) direct edges between hosts") + "\n"
        }.joined()
    }

    /// A document: `executions`, an object each.
    package static func json(_ all: [ExecutionPairs]) -> [UInt8] {
        var json = JSONWriter()
        json.object {
            $0.field("schema", "inquest.pairs/1")
            $0.key("executions")
            $0.array { json in
                for pairs in all {
                    json.object {
                        $0.field("log", pairs.log)
                        $0.field("execution", pairs.execution.label.isEmpty ? "-" : pairs.execution.label)
                        $0.field("events", pairs.execution.events.count)
                        $0.field("hosts", pairs.hosts)
                        $0.field("happened_before_pairs", pairs.order.ordered)
                        $0.field("concurrent_pairs", pairs.order.concurrent)
                        $0.field("contradictory_pairs", pairs.order.contradictory)
                        $0.field("direct_cross_host_edges", pairs.order.directEdges)
                        $0.field("unmatched_lines", pairs.execution.unmatched)
                        $0.field("events_left_out", pairs.execution.faults)
                    }
                }
            }
        }
        json.finish()
        var bytes: [UInt8] = []
        json.drain { bytes += $0 }
        return bytes
    }
}
