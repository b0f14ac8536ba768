import EventModel

extension Finding {
    /// What was found, in one sentence for a tired reader, without the endpoint's name at its beginning.
    public var summary: String {
        switch detail {
        case .window(let window): return WindowWords(self, window).sentence
        case .backlog(let backlog): return BacklogWords(self, backlog).sentence
        case .collapse(let collapse, within: _): return CollapseWords(self, collapse).sentence
        case .rate(let rate): return RateWords(self, rate).sentence
        case .staleReads(let read, let known, let byItself):
            return ReplicaWords(self).sentence(read: read, known: known, byItself: byItself)
        case .lag(let lag): return ReplicaWords(self).sentence(lag)
        case .outage, .failures, .circle, .apart, nil: break
        }
        switch kind {
        case .stalePlanOverwrite, .rollback, .activePlanDeleted, .endpointEmptied, .automationWedged, .staleCheck:
            return PlanWords(self).sentence
        case .contendedEndpoint: return ContentionWords(self).sentence
        case .clockSkew, .clockFault, .clockConflict, .logGap, .restart, .missingLog: return ClockWords(self).sentence
        case .backlogOnset, .congestiveCollapse, .retryStorm, .leaseExpiry, .healthFlapping, .launchFailure,
            .propagationDelay, .serviceImpact, .staleRead, .replicaLag, .eventRateChange:
            return ""
        }
    }

    /// What decided, in words: `commit 20417 after 20416`, `the store's clock`, `replaces 145`; empty where nothing is to be said.
    public var basisWords: String {
        switch detail {
        case .window: WindowWords.basis(learnedFrom: usual)
        case .backlog(let backlog): BacklogWords(self, backlog).basis
        default: basis?.words ?? ""
        }
    }
}
