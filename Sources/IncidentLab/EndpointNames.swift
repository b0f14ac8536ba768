/// The names of a regional plan's endpoints: account-specific ones, then IPv6, FIPS and, last, the public regional one.
enum EndpointNames {
    static func all(_ count: Int) -> [[UInt8]] {
        let shared = [
            "dynamodb.us-east-1.api.aws", "dynamodb-fips.us-east-1.amazonaws.com", "dynamodb.us-east-1.amazonaws.com",
        ]
        let accounts = (0..<max(0, count - shared.count)).map {
            "\(100_000_000_000 + $0 * 7919).ddb.us-east-1.amazonaws.com"
        }
        return (accounts + shared).suffix(count).map { Array($0.utf8) }
    }
}
