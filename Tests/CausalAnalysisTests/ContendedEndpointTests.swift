import EventModel
import Testing

@testable import CausalAnalysis
