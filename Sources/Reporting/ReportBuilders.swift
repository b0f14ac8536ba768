import CausalAnalysis
import EventModel

/// The builders of a report's files, which share one pass over the bundle.
package struct ReportBuilders: EventConsumer {
    package private(set) var timeline: TimelineBuilder
    package private(set) var page: PageBuilder

    package init(timeline: TimelineBuilder, page: PageBuilder) {
        self.timeline = timeline
        self.page = page
    }

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        timeline.observe(batch, row: row, delivery: delivery, clocks: clocks)
        page.observe(batch, row: row, delivery: delivery, clocks: clocks)
    }
}
