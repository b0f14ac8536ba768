@main
struct Inquest {
    static func main() {}
}
