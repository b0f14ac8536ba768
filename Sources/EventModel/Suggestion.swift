/// "Did you mean": the name nearest to one that nothing matched.
public enum Suggestion {
    /// The name that was most likely meant, with its count; nil where none is near.
    ///
    /// People leave out the end of a long name, or its beginning, more often than they mistype it. So a name is as near as the part
    /// of it that resembles the word most (Sellers' algorithm, 1980: an edit distance in which what stands before and after
    /// that part costs nothing); up to one edit in four characters is near. Upper and lower case are the same; `*` and `?` are left
    /// out of the word. Equally near names: the one of the more similar length, then of the larger count, then the first
    /// by name. O(word × all names' lengths).
    public static func nearest(
        _ word: String, among names: some Sequence<(name: String, count: UInt64)>
    ) -> (name: String, count: UInt64)? {
        let wanted = folded(word).filter { $0 != 0x2A && $0 != 0x3F }
        guard !wanted.isEmpty else { return nil }
        var best: (name: String, count: UInt64)?
        var bestRank: [Int] = []
        let limit = max(1, wanted.count / 4)
        for (name, count) in names {
            let candidate = folded(name)
            guard let distance = distance(of: wanted, within: candidate, limit: limit) else { continue }
            let rank = [distance, abs(candidate.count - wanted.count)]
            if let best {
                if bestRank.lexicographicallyPrecedes(rank) { continue }
                if bestRank == rank, (best.count, name) > (count, best.name) { continue }
            }
            best = (name, count)
            bestRank = rank
        }
        return best
    }

    /// The word's bytes in lower case, of an overlong one its beginning.
    private static func folded(_ word: String) -> [UInt8] {
        word.utf8.prefix(512).map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
    }

    /// The fewest edits that turn `word` into some part of `name`; nil above `limit` or where no character of it is kept.
    private static func distance(of word: [UInt8], within name: [UInt8], limit: Int) -> Int? {
        // column[i]: the fewest edits between the first i bytes of the word and a part of the name that ends here.
        var column = Array(0...word.count)
        var least = word.count
        for byte in name {
            var diagonal = 0
            for i in 1...word.count {
                let edits = min(diagonal + (word[i - 1] == byte ? 0 : 1), column[i] + 1, column[i - 1] + 1)
                diagonal = column[i]
                column[i] = edits
            }
            least = min(least, column[word.count])
        }
        return least <= limit && least < word.count ? least : nil
    }
}
