import Reporting

/// Looks a finding up by the name that a user gave.
enum FindingNames {
    /// The findings' indices in the report; fails where there is none.
    static func find(_ name: String, _ list: FindingList) throws(Failure) -> [Int] {
        try find(name, FindingLookup(list))
    }

    /// The findings' indices among those of a look-up; fails where there is none.
    static func find(_ name: String, _ lookup: FindingLookup) throws(Failure) -> [Int] {
        do throws(FindingLookup.Failure) {
            return try lookup.find(name)
        } catch {
            switch error {
            case .unknown(let groups):
                throw Failure(
                    "no finding '\(name)'",
                    hint: groups == 0 ? "there are no findings" : "there are F1 to F\(groups); ids are in findings.json"
                )
            case .ambiguous(let ids):
                throw Failure("several findings begin with '\(name)'", hint: ids.joined(separator: ", "))
            }
        }
    }
}
