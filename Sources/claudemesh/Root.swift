import ArgumentParser
@main struct Root: ParsableCommand { func run() { print("claudemesh") } }
