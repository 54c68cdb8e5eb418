@main struct HessianCommand { static func main() {} }
