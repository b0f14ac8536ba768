import CausalAnalysis
import EventModel

/// The builders of a report's files, which share one pass over the bundle.
package struct ReportBuilders: EventConsumer {
    package private(set) var story: StoryBuilder
    package private(set) var page: PageBuilder

    package init(story: StoryBuilder, page: PageBuilder) {
        self.story = story
        self.page = page
    }

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        story.observe(batch, row: row, delivery: delivery, clocks: clocks)
        page.observe(batch, row: row, delivery: delivery, clocks: clocks)
    }
}

/// The builders of a timeline's text: the story, and the detailed table where it is wanted.
package struct TimelineBuilders: EventConsumer {
    package private(set) var story: StoryBuilder
    package private(set) var detail: TimelineBuilder?

    package init(story: StoryBuilder, detail: TimelineBuilder?) {
        self.story = story
        self.detail = detail
    }

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        story.observe(batch, row: row, delivery: delivery, clocks: clocks)
        detail?.observe(batch, row: row, delivery: delivery, clocks: clocks)
    }
}
